import AlignmentJSON
import Foundation
import TestSupport
import Testing

/// Recordings whose codec ran otherwise, decoded by upstream's own modules with the golden weights.
@Suite("How the codec ran")
struct DecodeCommandTests {
    /// How a recording's codec ran, and what the recording says of it.
    private struct Decode: Encodable {
        var type = "float32"
        var chunk: Int?
        var context = 0
        var codebooks = 8
        var subtype: String?
        var declared: [String: JSONValue] = [:]
    }

    private static let weights = Command.root + "/golden/weights/tiny-checkpoint.h5"

    /// Copies of a recording, one for each way to decode.
    private func recordings(in scratch: Scratch, _ decodes: [Decode]) async throws -> [String] {
        let files = decodes.indices.map { scratch.file("\($0).h5") }
        let cases = String(decoding: try JSONEncoder().encode(decodes), as: UTF8.self)
        try await MutatedArchiveTests.python(
            """
            import hashlib, io, json, shutil, sys
            import h5py, soundfile, torch
            sys.path[:0] = ['\(Command.root)/Tests/CodecTests', '\(Command.root)/Tests/UpstreamTests/Oracle']
            from make_fixtures import DecodingSide
            from codec import SummedInFloat, in_chunks
            with h5py.File('\(Self.weights)') as archive:
                weights = {name: torch.from_numpy(data[()]) for name, data in archive['weights/codec'].items()}
            book = weights['quantizer.vq.layers.0._codebook.embed']
            quantizer_dim, D = weights['fc_post2.weight'].T.shape
            module = DecodingSide(
                D=D, channels=len(weights['decoder_2.model.0.bias']), ratios=[8, 5, 4, 2, 3],
                quantizer_dim=quantizer_dim, codebook_dim=book.shape[1], n_q=8, bins=book.shape[0])
            for layer in module.modules():
                if type(layer) is torch.nn.ConvTranspose1d:
                    layer.__class__ = SummedInFloat
            own = {name: weights[name] for name in module.state_dict()}
            for index, case in enumerate(json.loads('\(cases)')):
                module.to(getattr(torch, case['type'])).load_state_dict(own)
                file = f'\(scratch.path)/{index}.h5'
                shutil.copy('\(Command.root)/golden/plain.h5', file)
                with h5py.File(file, 'r+') as archive, torch.no_grad():
                    sample = archive['samples/000000']
                    codes = torch.from_numpy(sample['decode/input/calls/0/codes'][()])
                    codes = codes[: case['codebooks']]
                    sound = in_chunks(module.decode, codes, case.get('chunk'), case['context'], case['context'], 960)
                    sound = sound.float().numpy()
                    file = sample['decode/captured/written/0']
                    labels = dict(file['samples'].attrs)
                    del file['samples']
                    if 'subtype' in case:
                        wav, kind = io.BytesIO(), 'float32' if case['subtype'] == 'FLOAT' else 'int32'
                        soundfile.write(wav, sound, 24000, subtype=case['subtype'], format='WAV')
                        wav.seek(0)
                        samples = soundfile.read(wav, dtype=kind)[0]
                        written = file.create_dataset('samples', data=samples)
                        digest = hashlib.sha256(samples.tobytes()).hexdigest()
                        written.attrs.update(labels | dict(dtype=kind, sha256=digest, subtype=case['subtype']))
                    else:
                        del sample['decode/captured/written']
                    # golden/ has the old one under a link of its own.
                    call = sample['decode/captured/calls/0']
                    del call['waveform']
                    waveform = call.create_dataset('waveform', data=sound)
                    waveform.attrs.update(
                        dtype='float32', axes='["sample"]', sha256=hashlib.sha256(sound.tobytes()).hexdigest())
                    profile = json.loads(sample['profile.json'][()]) | case['declared']
                    del sample['profile.json']
                    sample['profile.json'] = json.dumps(profile)
            """)
        return files
    }

    private func run(
        _ file: String, codec: String = Self.weights
    ) async throws -> (status: Int32, sample: JSONValue?) {
        let command = try await Command.run("run", file, "--codec", codec, "--format", "json")
        let json = try JSONText.parse(Data(command.output.utf8))
        return (command.status, json["samples"]?.array?.first)
    }

    /// What a deviation does in a run; nil if it is not present.
    private func effect(_ id: String, _ sample: JSONValue?) -> JSONValue? {
        (sample?["deviations"]?.array ?? []).first { $0["id"] == .string(id) }?["effect_here"]
    }

    /// The verdict on a tensor of the decode stage under the captured profile.
    private func verdict(_ sample: JSONValue?, _ name: String = "calls/0/waveform") -> String? {
        (sample?["stages"]?.array ?? []).flatMap { $0["tensors"]?.array ?? [] }
            .first { $0["name"] == .string(name) }?["captured_vs_current"]?["verdict"]?.string
    }

    @Test(
        "a narrower type is a setting: its sound is as near to its emulation as that type allows, and no other is"
    )
    func narrowTypes() async throws {
        let scratch = try Scratch()
        let bfloat16: [String: JSONValue] = ["decode.dtype": .string("bfloat16")]
        let files = try await recordings(
            in: scratch,
            [
                Decode(type: "bfloat16", declared: bfloat16),
                Decode(type: "float16", declared: ["decode.dtype": .string("float16")]),
                Decode(type: "bfloat16", codebooks: 6, declared: bfloat16), Decode(type: "bfloat16"),
            ])
        for file in files.prefix(2) {
            let narrow = try await run(file)
            #expect(narrow.status == 0)
            #expect(verdict(narrow.sample) != "differs")
            #expect(effect("decode.precision", narrow.sample) == .string("changes_output"))
        }
        for file in files.dropFirst(2) {
            let wrong = try await run(file)
            #expect(wrong.status == 1)
            #expect(verdict(wrong.sample) == "differs")
        }
    }

    @Test(
        "chunks are a defect where they change the sound, and none with as many frames around them as reach")
    func chunks() async throws {
        let scratch = try Scratch()
        func declared(context: Int) -> [String: JSONValue] {
            ["decode.chunk_frames": .integer(16), "decode.chunk_context": .integer(context)]
        }
        let files = try await recordings(
            in: scratch,
            [
                Decode(chunk: 16, declared: declared(context: 0)),
                Decode(chunk: 16, context: 10, declared: declared(context: 10)), Decode(chunk: 16),
            ])
        let bare = try await run(files[0])
        #expect(bare.status == 1)
        #expect(effect("decode.chunked", bare.sample) == .string("changes_output"))
        #expect(verdict(bare.sample) == "within_tolerance")
        let padded = try await run(files[1])
        #expect(padded.status == 0)
        #expect(effect("decode.chunked", padded.sample) == .string("none"))
        let undeclared = try await run(files[2])
        #expect(undeclared.status == 1)
        #expect(verdict(undeclared.sample) == "differs")
    }

    @Test("written samples are what libsndfile writes in each encoding, and in no other")
    func written() async throws {
        let scratch = try Scratch()
        let encodings = ["PCM_16", "PCM_24", "PCM_32", "FLOAT"]
        let right = encodings.map { Decode(subtype: $0, declared: ["decode.subtype": .string($0)]) }
        // Without the last codebook.
        let wrong = encodings.map { Decode(codebooks: 7, subtype: $0) }
        let files = try await recordings(in: scratch, right + wrong)
        for (index, file) in files.enumerated() {
            let (status, sample) = try await run(file)
            #expect(status == (index < encodings.count ? 0 : 1))
            #expect(
                (verdict(sample, "written/0/samples") == "differs") == (index >= encodings.count), "\(file)")
        }
    }

    @Test("tensors of the codec that nothing reads are named, and all that are missing as well")
    func names() async throws {
        let scratch = try Scratch()
        let weights = scratch.file("weights.h5")
        func change(_ change: String) async throws {
            try await MutatedArchiveTests.python(
                """
                import shutil, h5py
                shutil.copy('\(Self.weights)', '\(weights)')
                with h5py.File('\(weights)', 'r+') as archive:
                    codec = archive['weights/codec']
                    \(change)
                """)
        }
        let sound = scratch.file("sound.wav")
        let golden = Command.root + "/golden/plain.h5"
        try await change("archive.copy(codec['fc_post2.bias'], codec, 'fc_post3.bias')")
        let note =
            "The codec's weights hold 1 tensor that upstream's codec does not have and that its strict=False ignores: "
            + "fc_post3.bias."
        let surplus = try await run(golden, codec: weights)
        #expect(surplus.status == 0)
        #expect(surplus.sample?["notes"]?.array?.contains(.string(note)) == true)
        let decoded = try await Command.run("decode", golden, "--codec", weights, "--out", sound)
        #expect(decoded.status == 0 && decoded.output.contains("fc_post3.bias"), "\(decoded)")

        try await change("del codec['fc_post2.bias'], codec['decoder_2.model.6.alpha']")
        let missing =
            "lack 2 tensors, where upstream (strict=False) would run on its initialisation: fc_post2.bias (random), "
            + "decoder_2.model.6.alpha (ones)"
        let lacking = try await run(golden, codec: weights)
        #expect(lacking.status == 2)
        let reasons =
            lacking.sample?["not_computed"]?.array?.compactMap(\.string) ?? []
        #expect(!reasons.isEmpty && reasons.allSatisfy { $0.contains(missing) }, "\(reasons)")
        let failed = try await Command.run("decode", golden, "--codec", weights, "--out", sound)
        #expect(failed.status == 2 && failed.errors.contains(missing), "\(failed)")
    }
}
