@testable import AlignmentDiagnosis
import AlignmentKit
import Foundation
import Testing

/// Constructed differences from the recorded logits of upstream's model.
@Suite("Logits against a golden run")
struct LogitAgreementTests {
    @Test(
        "a run agrees with itself in every cell that was drawn",
        arguments: [("plain", 52), ("two-segments", 110), ("voice-clone", 58)])
    func identical(archive: String, steps: Int) throws {
        let run = try LogitRun(archive)
        let found = try run.against(run)
        #expect(found.shape == .identical && found.snrDb == .infinity && found.forcedSnrDb == .infinity)
        #expect(found.comparedSteps == steps && found.firstOtherStep == nil)
        #expect(found.cells > 6 * steps && found.cells < 8 * steps)
        #expect(found.largestDivergence.value == 0 && found.flips == 0 && found.worst.isEmpty)
        #expect(found.drift == nil && found.loneCodebook == nil && found.fit.scale == 1)
        #expect(found.storedPrecision.captured == .bfloat16)
    }

    @Test("upstream in bfloat16 against upstream in float32 is noise of bfloat16")
    func upstream() throws {
        let found = try LogitRun("plain").against(LogitRun.plainInFloat32())
        #expect(found.shape == .bfloat16Noise, "\(found.residual)")
        #expect(found.comparedSteps == 12 && found.cells == 68)
        #expect(found.storedPrecision.captured == .bfloat16 && found.storedPrecision.golden == .float32)
        #expect((47...51).contains(found.snrDb))
        #expect(found.largestDivergence.value > 1e-5 && found.largestDivergence.value < 1e-3)
        #expect(found.drift == nil && found.flips == 0)
        #expect(found.fit.residualSnrDb < found.snrDb + 2)
    }

    @Test("values rounded to a grid are named after it")
    func rounded() throws {
        let golden = try LogitRun("plain").offGrid()
        let brain = try golden.changing { BFloat16($3).float }.against(golden)
        #expect(brain.shape == .bfloat16Noise && brain.storedPrecision.captured == .bfloat16)
        #expect((54...58).contains(brain.snrDb))
        let half = try golden.changing { Float(Float16($3)) }.against(golden)
        #expect(half.shape == .tf32OrFloat16Noise && half.storedPrecision.captured == .float16)
        #expect((72...76).contains(half.snrDb))
        #expect(half.storedPrecision.golden == .float32)
        let single = try golden.changing { $3 * (1 + Float.ulpOfOne) }.against(golden)
        #expect(single.shape == .float32Rounding && single.snrDb > 130)
    }

    @Test("an offset of each row is one, and softmax ignores it")
    func offset() throws {
        let golden = try LogitRun("plain")
        let found = try golden.changing { $3 + 0.5 + 0.25 * Float($1) }.against(golden)
        #expect(found.shape == .offset)
        #expect(found.fit.offsetShare > 0.999 && found.fit.residualSnrDb > 100)
        #expect(abs(found.fit.scale - 1) < 1e-5)
        #expect(found.largestDivergence.value < 1e-9 && found.flips == 0)
        #expect(abs(found.largestError.value - 2.25) < 1e-5 && found.largestError.codebook == 7)
    }

    @Test("a scale is one, even under noise of bfloat16, and flips nothing")
    func scale() throws {
        let golden = try LogitRun("plain")
        let found = try golden.changing { BFloat16($3 * 1.1).float }.against(golden)
        #expect(found.shape == .scale)
        #expect(abs(found.fit.scale - 1.1) < 1e-3 && found.fit.scaleShare > 0.99)
        #expect(abs(found.snrDb - 20) < 0.1)
        #expect(found.medianDivergence > 1e-3)
        #expect(found.reading.contains("temperature of 0.909"))
    }

    @Test("scales that differ from row to row are no temperature")
    func scales() throws {
        let golden = try LogitRun("plain")
        let found = try golden.changing { $3 * ($0 % 2 == 0 ? 1.1 : 0.9) }.against(golden)
        #expect(found.fit.share > 0.99)
        #expect(found.shape == .other)
    }

    @Test("one codebook whose head is wrong is named", arguments: [0, 3, 7])
    func lone(codebook: Int) throws {
        let golden = try LogitRun("plain")
        var noise = GaussianNoise(seed: 1)
        let found = try golden.changing { $1 == codebook ? $3 + 0.2 * noise.next() : $3 }.against(golden)
        #expect(found.shape == .oneCodebook && found.loneCodebook == codebook)
        #expect(found.codebooks.filter { $0.snrDb < .infinity }.map(\.codebook) == [codebook])
        #expect(found.worst.allSatisfy { $0.codebook == codebook })
        // Beside noise of all codebooks it stands out as well.
        let both = try golden.changing {
            $3 + ($1 == codebook ? 0.2 : 0.01) * noise.next()
        }.against(golden)
        #expect(both.shape == .oneCodebook && both.loneCodebook == codebook)
    }

    @Test("a drift begins where the error grows, from nothing or from rounding", arguments: [20, 40])
    func drift(step: Int) throws {
        let golden = try LogitRun("plain")
        var noise = GaussianNoise(seed: 2)
        let clean = try golden.changing { $0 >= step ? $3 + 0.1 * noise.next() : $3 }.against(golden)
        #expect(clean.shape == .drift && clean.drift?.step == step)
        let found = try golden.changing { $3 + ($0 >= step ? 0.1 : 0.01) * noise.next() }.against(golden)
        #expect(found.shape == .drift && found.drift?.step == step)
        #expect(abs((found.drift?.rise ?? 0) - 20) < 2)
    }

    @Test("the first step alone may be right, or the last one alone wrong", arguments: [1, 51])
    func shortDrift(step: Int) throws {
        let golden = try LogitRun("plain")
        var noise = GaussianNoise(seed: 2)
        let found = try golden.changing { $0 >= step ? $3 + 0.1 * noise.next() : $3 }.against(golden)
        #expect(found.shape == .drift && found.drift?.step == step)
        // A first step that rounds less than the others is no reason.
        let even = try golden.changing { $3 + ($0 >= step ? 0.02 : 0.01) * noise.next() }.against(golden)
        #expect(even.drift == nil)
    }

    @Test("even noise drifts nowhere, whatever the seed", arguments: 0..<20)
    func steady(seed: Int) throws {
        let golden = try LogitRun("plain")
        var noise = GaussianNoise(seed: UInt64(seed))
        let found = try golden.changing { $3 + 0.01 * (1 + abs($3) / 4) * noise.next() }.against(golden)
        #expect(found.drift == nil)
        #expect(found.shape == .bfloat16Noise)
        #expect((found.residual.persistence ?? 1).magnitude < 0.015)
    }

    @Test("an error that is the same at every step is no rounding, however small")
    func persistent() throws {
        let golden = try LogitRun("plain").offGrid()
        var noise = GaussianNoise(seed: 3)
        let bias = (0..<1026).map { _ in 0.01 * noise.next() }
        let found = try golden.changing { $3 + bias[$2] }.against(golden)
        #expect(found.snrDb > 40 && found.shape == .other)
        #expect((found.residual.persistence ?? 0) > 0.99)
        #expect(found.reading.contains("repeats itself"))
    }

    @Test("logits of another run are another model's, and their flips are no near-ties")
    func foreign() throws {
        let golden = try LogitRun("plain")
        let rolled = golden.facts.logits?.scalars ?? []
        let found = try golden.changing { step, codebook, id, _ in
            rolled[((step + 7) % 52 * 8 + codebook) * 1026 + (id + 511) % 1026]
        }.against(golden)
        #expect(found.shape == .other && found.snrDb < 10)
        #expect(found.flips > found.cells / 2)
        #expect(found.nearTies < found.flips / 20)
        #expect(found.medianDivergence > 1)
        #expect(found.worst.count == LogitAgreement.worstCount)
        let divergences = found.worst.map(\.divergence)
        #expect(divergences == divergences.sorted(by: >) && divergences[0] == found.largestDivergence.value)
    }

    @Test("a flip is a near-tie if the noise of the row's other ids could make it")
    func nearTies() throws {
        let real = try LogitRun("plain")
        let scalars = real.facts.logits?.scalars ?? []
        // At step 30 of codebook 2 the two largest are made nearly equal.
        let row = scalars[(30 * 8 + 2) * 1026..<(30 * 8 + 3) * 1026]
        let order = row.indices.sorted { row[$0] > row[$1] }.map { $0 - row.startIndex }
        let top = row[row.startIndex + order[0]]
        let golden = real.changing { step, codebook, id, value in
            step == 30 && codebook == 2 && id == order[1] ? top - 0.01 : value
        }
        func flipped(_ noiseLevel: Float, by push: Float) throws -> LogitAgreement {
            var noise = GaussianNoise(seed: 4)
            return try golden.changing { step, codebook, id, value in
                let isCell = step == 30 && codebook == 2
                if isCell, id == order[0] { return value }
                if isCell, id == order[1] { return value + push }
                return value + noiseLevel * noise.next()
            }.against(golden)
        }
        let tie = try flipped(0.01, by: 0.02)
        #expect(tie.flips == 1 && tie.nearTies == 1)
        let cell = try #require(tie.flipped.first)
        #expect(cell.step == 30 && cell.codebook == 2)
        #expect(cell.flip?.golden == order[0] && cell.flip?.captured == order[1])
        #expect(abs((cell.flip?.margin ?? 0) - 0.01) < 1e-5)
        // Noise a hundred times smaller cannot bridge the gap.
        let error = try flipped(0.0001, by: 0.02)
        #expect(error.flips == 1 && error.nearTies == 0)
    }

    @Test("equal largest logits are no flip")
    func ties() throws {
        let golden = try LogitRun("plain")
        let scalars = golden.facts.logits?.scalars ?? []
        let row = scalars[(30 * 8 + 2) * 1026..<(30 * 8 + 3) * 1026]
        let top = row.max() ?? 0
        // The first of equal ids is another one now.
        let found = try golden.changing { step, codebook, id, value in
            step == 30 && codebook == 2 && id == 0 ? top : value
        }.against(golden)
        #expect(found.largestError.step == 30 && found.flips == 0)
    }

    @Test("from the first other column on nothing is compared", arguments: [0, 1, 17])
    func otherColumns(step: Int) throws {
        let golden = try LogitRun("plain")
        var run = golden.changing { $0 > step ? -$3 : $3 }
        run.facts.segments[0][0, step + 1] ^= 1
        let found = try run.against(golden)
        // The logits that the other column was drawn from still stand on the same ones.
        #expect(found.comparedSteps == step + 1 && found.firstOtherStep == step + 1)
        #expect(found.shape == .identical)
    }

    @Test("a second segment is compared if the first one is the same")
    func segments() throws {
        let golden = try LogitRun("two-segments")
        let first = golden.facts.segments[0].columns - 1
        let changed = golden.changing { $0 >= first + 5 ? $3 + 1 : $3 }
        #expect(try changed.against(golden).drift?.step == first + 5)
        var other = changed
        other.facts.segments[0][7, first] ^= 1
        let found = try other.against(golden)
        #expect(found.shape == .identical && found.comparedSteps == first && found.firstOtherStep == first)
    }

    @Test("forced cells do not count, and are told apart")
    func forced() throws {
        let golden = try LogitRun("plain")
        let found = try golden.changing { $1 > $0 ? $3 * 2 : $3 }.against(golden)
        #expect(found.shape == .identical)
        #expect((found.forcedSnrDb ?? .infinity) < 20)
    }

    @Test("logits that are no numbers are counted and left out")
    func broken() throws {
        let golden = try LogitRun("plain")
        let found = try golden.changing { $0 == 20 && $1 == 4 && $2 == 9 ? .nan : $3 }.against(golden)
        #expect(found.brokenCells == 1 && found.shape == .other && found.snrDb == .infinity)
        #expect(found.reading.contains("no numbers"))
        // Ruled out on both sides is no difference.
        let masked = golden.changing { $2 == 9 ? -.infinity : $3 }
        #expect(try masked.against(masked).shape == .identical)
        let onOneSide = golden.changing { $0 >= 10 && $2 == 9 ? -.infinity : $3 }
        #expect(try onOneSide.against(golden).brokenCells == golden.against(golden).cells - 52)
    }

    @Test("why there is nothing to compare")
    func nothing() throws {
        let golden = try LogitRun("plain")
        func reason(_ change: (inout LogitRun) throws -> Void) throws -> LogitMismatch? {
            var run = golden
            try change(&run)
            do { _ = try run.against(golden) } catch let error as LogitMismatch { return error }
            return nil
        }
        #expect(try reason { $0.set(nil) } == .noLogits(.captured))
        #expect(
            try reason { $0.set(NDArray(repeating: 0, shape: try Shape([52, 8, 1024]))) }
                == .shapes(captured: [52, 8, 1024], golden: [52, 8, 1026]))
        #expect(try reason { $0.facts.segments[0][0, 0] = 5 } == .nothingShared)
        #expect(
            try reason { $0.facts.referenceColumns = NDArray(repeating: 3, shape: .matrix(8, 2)) }
                == .nothingShared)
        #expect(try reason { $0 = $0.changing { _, _, _, _ in .nan } } == .noLiveCells)
        #expect(try reason { _ in } == nil)
    }

    @Test("other words before a segment are another context, where text was recorded")
    func text() throws {
        let model = ModelConfiguration()
        let (bos, out) = (Int64(model.audioOutBOSTokenID), Int64(model.audioOutTokenID))
        func run(prompt: [Int64], generated: [Int64]) throws -> LogitRun {
            var run = try LogitRun("two-segments")
            run.facts.text = GenerationFacts.TextFacts(
                promptIDs: prompt, generatedIDs: generated, model: model)
            return run
        }
        let golden = try run(prompt: [1, 2], generated: [bos, out, 7, bos, out, 9])
        let first = golden.facts.segments[0].columns - 1
        let all = golden.facts.stepCount
        for (prompt, generated, steps) in [
            ([1, 2], [bos, out, 7, bos, out, 9], all), ([1, 2], [bos, out, 7, bos, out, 5], all),
            ([1, 2], [bos, out, 8, bos, out, 9], first),
        ] as [([Int64], [Int64], Int)] {
            #expect(try run(prompt: prompt, generated: generated).against(golden).comparedSteps == steps)
        }
        #expect(throws: LogitMismatch.nothingShared) {
            try run(prompt: [1, 3], generated: [bos, out, 7, bos, out, 9]).against(golden)
        }
        // A run whose text was not recorded is compared by its columns.
        #expect(try LogitRun("two-segments").against(golden).comparedSteps == all)
    }

    @Test("an explanation by a good run says what the difference of the logits looks like")
    func evidence() throws {
        let reader = try ArchiveReader(file: "\(LogitRun.root)/golden/plain.h5")
        let capture = try CaptureReader(reader).capture()
        let evidence = try ConditioningEvidence(reader)
        let codec = CodecLocator(environment: [:]).codec(of: capture)
        let reference = try ExplanationReference(goodRun: capture, evidence: evidence, codec: codec)
        func forward(_ change: (Int, Int, Int, Float) -> Float) throws -> [String]? {
            var sample = capture.samples[0]
            let changed = try LogitRun("plain").changing(change)
            sample.generation?.facts = changed.facts
            let found = SampleExplainer(
                sample, of: capture, evidence: evidence, reference: reference, codec: codec
            ).explain().explanation
            return (found.causes + found.harmless).first { $0.id == "generation.forward" }?.evidence
        }
        #expect(try forward { $3 } == nil)
        let found = try #require(try forward { $0 >= 20 ? $3 * 1.2 : $3 })
        #expect(found.count == 2)
        #expect(found[0].contains("the logits of step 20 lie"))
        #expect(found[1].contains("from step 20 on the error is"))
        #expect(found[1].contains("the good run's"))
    }

    @Test("the report has its sentence, its table by codebook and its worst cells")
    func report() throws {
        let golden = try LogitRun("plain")
        var noise = GaussianNoise(seed: 5)
        let found = try golden.changing { $0 >= 20 ? $3 + 0.1 * noise.next() : $3 }.against(golden)
        let text = found.document(against: "plain.h5")
        #expect(text.blocks.first == .heading(level: 2, "Logits against plain.h5"))
        guard case .paragraph(let sentence) = text.blocks[1] else {
            Issue.record("the first sentence is missing")
            return
        }
        #expect(sentence.contains("from step 20 on the error is"))
        let tables = text.blocks.compactMap { block -> Document.Table? in
            if case .table(let table) = block { table } else { nil }
        }
        #expect(tables.map(\.rows.count) == [8, 10])
        #expect(tables.allSatisfy { table in table.rows.allSatisfy { $0.count == table.columns.count } })
        #expect(try golden.against(golden).document(against: "plain.h5").blocks.count == 3)
    }

    @Test("the figures survive JSON")
    func json() throws {
        let golden = try LogitRun("plain")
        var noise = GaussianNoise(seed: 6)
        let found = try golden.changing { $1 == 2 ? $3 + noise.next() : $3 }.against(golden)
        let text = try JSONText.encode(found)
        #expect(try JSONText.parse(text)["shape"] == .string("one_codebook"))
        #expect(try JSONText.decode(LogitAgreement.self, from: text) == found)
    }
}
