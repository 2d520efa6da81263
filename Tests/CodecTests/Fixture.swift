import AlignmentKit
import Foundation

/// Weights, codes and waveforms made by make_fixtures.py with upstream's modules.
struct Fixture {
    /// Codes and what upstream's modules decode them to.
    struct Case {
        let codes: NDArray<Int64>
        /// Decoded in float64, [sample].
        let waveform: [Double]
        /// The largest error of torch's float32 waveform against it.
        let torchError: Double
    }

    /// The weights under upstream's names.
    let stateDict: [String: Tensor]
    let cases: [Case]

    /// Names of the fixtures.
    static let names = ["released-ratios", "wide-rows", "without-projection", "long"]

    init(_ name: String) throws {
        let file = try SafeTensors(Data(contentsOf: directory.appending(path: "\(name).safetensors")))
        stateDict = file.tensors.filter { !$0.key.hasPrefix("case.") }
        cases = try (0..<file.metadata.count).map { index in
            guard case .int64(let codes)? = file.tensors["case.\(index).codes"],
                case .float64(let waveform)? = file.tensors["case.\(index).waveform"],
                let torchError = file.metadata["case.\(index).torch_error"].flatMap(Double.init)
            else { throw CocoaError(.fileReadCorruptFile) }
            return Case(codes: codes, waveform: waveform.scalars, torchError: torchError)
        }
    }

    /// The codec of these weights.
    func codec() throws -> Codec { Codec(try CodecWeights(stateDict: stateDict)) }
}

private let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

/// A file of the safetensors format: the length of a JSON header, the header, the bytes.
private struct SafeTensors {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }

    private enum Field: Decodable {
        case metadata([String: String])
        case entry(Entry)

        init(from decoder: any Decoder) throws {
            if let entry = try? Entry(from: decoder) {
                self = .entry(entry)
            } else {
                self = .metadata(try [String: String](from: decoder))
            }
        }
    }

    private(set) var tensors: [String: Tensor] = [:]
    private(set) var metadata: [String: String] = [:]

    init(_ data: Data) throws {
        let length = data.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
        let bytes = data.dropFirst(8 + length)
        for (name, field) in try JSONDecoder().decode([String: Field].self, from: data[8..<8 + length]) {
            switch field {
            case .metadata(let values): metadata = values
            case .entry(let entry):
                let part = bytes.dropFirst(entry.data_offsets[0])
                    .prefix(entry.data_offsets[1] - entry.data_offsets[0])
                let shape = try Shape(entry.shape)
                tensors[name] =
                    switch entry.dtype {
                    case "F32": .float32(try NDArray(shape: shape, scalars: scalars(part)))
                    case "F64": .float64(try NDArray(shape: shape, scalars: scalars(part)))
                    case "I64": .int64(try NDArray(shape: shape, scalars: scalars(part)))
                    default: throw CocoaError(.fileReadCorruptFile)
                    }
            }
        }
    }
}

private func scalars<Scalar: BitwiseCopyable>(_ bytes: Data) -> [Scalar] {
    bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / MemoryLayout<Scalar>.size).map {
            bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Scalar>.size, as: Scalar.self)
        }
    }
}
