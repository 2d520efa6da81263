import AlignmentKit
import TestSupport
import Testing

@Suite("Two archives")
struct PairingTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private typealias Tensors = [(path: String, tensor: StoredTensor)]
    private static let root = "samples/000000"

    private func codes(_ values: [Int64]) -> StoredTensor { .tensor(.int64(NDArray(vector: values))) }
    private func sound(_ values: [Float]) -> StoredTensor { .tensor(.float32(NDArray(vector: values))) }

    private func compare(
        _ left: Tensors, _ right: Tensors, _ change: (inout ComparisonSettings) -> Void = { _ in }
    ) throws -> ArchiveComparison {
        var settings = ComparisonSettings()
        change(&settings)
        return try ArchiveComparison(
            try scratch.archive("left.h5", left), try scratch.archive("right.h5", right), settings: settings)
    }

    private var whole: Tensors {
        [
            ("\(Self.root)/decode/captured/calls/0/waveform", sound([0.5, -0.5, 0.25])),
            ("\(Self.root)/decode/input/calls/0/codes", codes([1, 2, 3])),
            ("\(Self.root)/collator/input/prompt_ids", codes([7, 8])),
            ("\(Self.root)/collator/captured/batch/label_ids", .pythonNone),
            ("\(Self.root)/tokens/captured/calls/0/codes", codes([1, 2, 3])),
        ]
    }

    @Test("an archive equals itself, and the order is the pipeline's")
    func itself() throws {
        let comparison = try compare(whole, whole)
        #expect(comparison.status == .equal)
        #expect(comparison.compared == 5)
        #expect(
            comparison.samples.first?.tensors.map(\.tensor) == [
                "collator/input/prompt_ids", "collator/captured/batch/label_ids",
                "tokens/captured/calls/0/codes", "decode/input/calls/0/codes",
                "decode/captured/calls/0/waveform",
            ])
    }

    @Test("what is missing and what is extra differs, and is named")
    func missing() throws {
        let extra = whole.dropLast() + [("\(Self.root)/tokens/captured/calls/1/codes", codes([1]))]
        let comparison = try compare(Array(extra), whole)
        #expect(comparison.status == .differs)
        #expect(comparison.missing == ["/\(Self.root)/tokens/captured/calls/0/codes"])
        #expect(comparison.extra == ["/\(Self.root)/tokens/captured/calls/1/codes"])
        #expect(comparison.summary == "Differs: 1 missing, 1 extra.")
    }

    @Test("a missing and an extra sample are named by every tensor that was not compared")
    func samples() throws {
        let other = [("samples/000001/decode/input/calls/0/codes", codes([1]))]
        let comparison = try compare(whole + other, whole)
        #expect(comparison.extra == ["/samples/000001/decode/input/calls/0/codes"])
        #expect(comparison.status == .differs)
        #expect(try compare(whole, whole + other).missing == comparison.extra)
    }

    @Test("no tensor in common is never a pass")
    func nothing() throws {
        let other = [("samples/000001/decode/input/calls/0/codes", codes([1]))]
        let comparison = try compare(whole, other)
        #expect(comparison.compared == 0)
        #expect(comparison.status == .differs)
        #expect(
            comparison.summary == "No tensor that was asked for is in both archives; nothing was compared.")
        #expect(try compare([], []).status == .differs)
    }

    @Test("None against a tensor, a text against a tensor and two element types differ")
    func kinds() throws {
        let path = "\(Self.root)/collator/captured/batch/label_ids"
        let none = try compare([(path, .pythonNone)], [(path, codes([1]))])
        #expect(none.samples.first?.tensors.first?.comparison.reason == "None against a tensor")
        let type = try compare(
            [(path, .tensor(.int32(NDArray(vector: [1]))))], [(path, codes([1]))])
        #expect(type.samples.first?.tensors.first?.comparison.reason == "type int32 against int64")
        #expect(none.status == .differs && type.status == .differs)
    }

    @Test("other axes and another sample rate differ, whatever the elements")
    func labels() throws {
        let path = "\(Self.root)/decode/captured/calls/0/waveform"
        func archive(_ name: String, _ labels: TensorLabels) throws -> ArchiveReader {
            try scratch.archive(name, [(path, sound([1, 2]))], labels: [path: labels])
        }
        let rate = try ArchiveComparison(
            archive("a.h5", TensorLabels(sampleRate: 16000)), archive("b.h5", TensorLabels(sampleRate: 24000))
        )
        #expect(rate.samples.first?.tensors.first?.comparison.reason == "16000 Hz against 24000 Hz")
        let axes = try ArchiveComparison(
            archive("c.h5", TensorLabels(axes: ["frame"])), archive("d.h5", TensorLabels(axes: ["sample"])))
        #expect(axes.samples.first?.tensors.first?.comparison.reason == "axes frame against sample")
    }

    @Test("the first difference is the most upstream one, and says whether the stage's input agrees")
    func first() throws {
        var changed = whole
        changed[0].tensor = sound([0.5, -0.5, 0.5])
        changed[4].tensor = codes([1, 2, 4])
        let comparison = try compare(changed, whole)
        #expect(comparison.first?.tensor == "tokens/captured/calls/0/codes")
        #expect(comparison.first?.inputAgrees == nil)
        changed[4].tensor = whole[4].tensor
        let decode = try compare(changed, whole)
        #expect(decode.first?.stage == "decode")
        #expect(decode.first?.inputAgrees == true)
        #expect(decode.summary.hasSuffix("What went into the stage decode agrees, what came out does not."))
    }

    @Test("--fail-fast names what it did not look at")
    func failFast() throws {
        var changed = whole
        changed[2].tensor = codes([7, 9])
        let comparison = try compare(changed, whole) { $0.failsFast = true }
        #expect(comparison.compared == 1)
        #expect(comparison.notCompared.count == 4)
        #expect(comparison.status == .differs)
    }

    @Test("a choice of stages and tensors compares these and no others")
    func chosen() throws {
        var changed = whole
        changed[2].tensor = codes([7, 9])
        #expect(try compare(changed, whole) { $0.stages = ["decode", "tokens"] }.compared == 3)
        #expect(try compare(changed, whole) { $0.only = [PathPattern("**/codes")] }.status == .equal)
        #expect(
            try compare(changed, whole) { $0.only = [PathPattern("samples/*/collator/**")] }.compared == 2)
        let none = try compare(whole, whole) { $0.only = [PathPattern("no/such")] }
        #expect(none.status == .differs)
    }

    @Test("reference results are compared where both have them, and named where one lacks them")
    func references() throws {
        let golden = ("\(Self.root)/decode/golden/calls/0/waveform", sound([1, 2]))
        let comparison = try compare(whole, whole + [golden])
        #expect(comparison.status == .equal)
        #expect(comparison.notCompared.map(\.object) == ["/\(Self.root)/decode/golden/calls/0/waveform"])
        let other = ("\(Self.root)/decode/golden/calls/0/waveform", sound([1, 3]))
        #expect(try compare(whole + [other], whole + [golden]).status == .differs)
    }

    @Test("what a stage raised and how it stopped is compared, where it was raised is not")
    func documents() throws {
        func archive(_ name: String, _ type: String, line: Int) throws -> ArchiveReader {
            let raised: JSONValue = .object(["type": .string(type), "where": .string("a.py:\(line)")])
            return try scratch.archive(
                name, whole, documents: [("\(Self.root)/generation/captured/raised.json", raised)])
        }
        let same = try ArchiveComparison(
            archive("a.h5", "IndexError", line: 1), archive("b.h5", "IndexError", line: 2))
        #expect(same.status == .equal)
        let other = try ArchiveComparison(
            archive("c.h5", "KeyError", line: 1), archive("d.h5", "IndexError", line: 1))
        #expect(other.first?.tensor == "generation/captured/raised.json")
    }

    @Test("tensors outside of samples, and in places that the format does not know, are compared too")
    func elsewhere() throws {
        for path in [
            "weights/codec/x", "strange", "samples/loose", "samples/000000/odd", "samples/000000/a/b/c/d",
        ] {
            let comparison = try compare(whole + [(path, codes([1]))], whole + [(path, codes([2]))])
            #expect(comparison.status == .differs, "\(path)")
            #expect(comparison.compared == whole.count + 1, "\(path)")
            #expect(try compare(whole + [(path, codes([1]))], whole).extra == ["/\(path)"])
        }
    }

    @Test("a text that faces a tensor differs, whichever side it stands on")
    func textAgainstTensor() throws {
        let path = "\(Self.root)/decode/captured/odd"
        for isLeft in [true, false] {
            let text = try scratch.archive("t\(isLeft).h5", whole, documents: [(path, .string("x"))])
            let tensor = try scratch.archive("n\(isLeft).h5", whole + [(path, codes([1]))])
            let comparison = try isLeft ? ArchiveComparison(text, tensor) : ArchiveComparison(tensor, text)
            #expect(comparison.differing == 1)
        }
    }

    @Test("a sample without a live tensor is missing all the same")
    func emptySample() throws {
        let golden = ("samples/000001/decode/golden/calls/0/waveform", sound([1]))
        let comparison = try compare(whole, whole + [golden])
        #expect(comparison.missing == ["/samples/000001"])
        #expect(comparison.notCompared.map(\.object) == ["/samples/000001/decode/golden/calls/0/waveform"])
        #expect(comparison.status == .differs)
    }

    @Test("names are compared by their bytes, not by how they look")
    func names() throws {
        let (composed, apart) = (
            "\(Self.root)/decode/captured/\u{E9}", "\(Self.root)/decode/captured/e\u{301}"
        )
        let comparison = try compare(whole + [(composed, codes([1]))], whole + [(apart, codes([1]))])
        #expect(comparison.missing.count == 1)
        #expect(comparison.extra.count == 1)
        #expect(comparison.status == .differs)
    }

    @Test("a document or a None in common is no tensor in common")
    func noTensor() throws {
        let none = ("\(Self.root)/collator/captured/batch/label_ids", StoredTensor.pythonNone)
        #expect(try compare([none], [none]).status == .differs)
        let stop: [(path: String, document: JSONValue)] = [
            ("\(Self.root)/generation/captured/stop.json", .object(["reason": .string("eos")]))
        ]
        let comparison = try ArchiveComparison(
            scratch.archive("a.h5", [], documents: stop), scratch.archive("b.h5", [], documents: stop))
        #expect(comparison.compared == 1)
        #expect(comparison.status == .differs)
    }

    @Test("a pattern that nothing matches is named, and so is a text that differs")
    func named() throws {
        let comparison = try compare(whole, whole) {
            $0.only = [PathPattern("**/codes"), PathPattern("tokns/**")]
        }
        #expect(comparison.notCompared.map(\.object) == ["tokns/**"])
        func archive(_ name: String, _ text: String) throws -> ArchiveReader {
            try scratch.archive(name, whole, documents: [("\(Self.root)/generated_text", .string(text))])
        }
        let texts = try ArchiveComparison(archive("a.h5", "one"), archive("b.h5", "two"))
        #expect(texts.status == .equal)
        #expect(texts.notCompared.map(\.object) == ["/\(Self.root)/generated_text"])
    }

    @Test("an input that is missing is not one that agrees")
    func missingInput() throws {
        var changed = whole
        changed[0].tensor = sound([0.5, -0.5, 0.5])
        let input = ("\(Self.root)/decode/input/calls/1/codes", codes([1]))
        #expect(try compare(changed, whole + [input]).first?.inputAgrees == false)
    }

    @Test("settings that differ are named and not judged")
    func context() throws {
        let left = try scratch.archive(
            "a.h5", whole, documents: [("profile.json", .object(["generation.temperature": .number(0.7)]))])
        let right = try scratch.archive(
            "b.h5", whole, documents: [("profile.json", .object(["generation.temperature": .number(1)]))])
        let comparison = try ArchiveComparison(left, right)
        #expect(comparison.status == .equal)
        let expected = ArchiveComparison.ContextDifference(
            document: "profile.json", key: "generation.temperature", left: "0.7", right: "1")
        #expect(comparison.context == [expected])
    }

    @Test("a hash that does not match is an error of the comparison, unless it is told not to look")
    func hashes() throws {
        let file = scratch.file("left.h5")
        let values = [Float](repeating: 0.125, count: 300)
        _ = try scratch.archive("left.h5", [("\(Self.root)/decode/captured/calls/0/waveform", sound(values))])
        let right = try scratch.archive(
            "right.h5", [("\(Self.root)/decode/captured/calls/0/waveform", sound(values))])
        try Damage.negate(firstFloat: 0.125, in: file)
        #expect(throws: ArchiveError.self) { try ArchiveComparison(ArchiveReader(file: file), right) }
        let unchecked = try ArchiveComparison(ArchiveReader(file: file, verifiesHashes: false), right)
        #expect(unchecked.status == .differs)
    }
}
