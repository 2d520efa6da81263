import AlignmentKit
import Testing

@Suite("Tensor")
struct TensorTests {
    @Test("a shape refuses negative extents and overflow")
    func shapes() throws {
        #expect(throws: TensorError.invalidShape([2, -1])) { try Shape([2, -1]) }
        #expect(throws: TensorError.invalidShape([1 << 40, 1 << 40])) { try Shape([1 << 40, 1 << 40]) }
        #expect(try Shape([0, 1 << 40, 1 << 40]).elementCount == 0)
        #expect(try Shape([]).elementCount == 1)
    }

    @Test("the hash is over little-endian bytes in C order")
    func hash() throws {
        let tensor = Tensor.int32(try NDArray(shape: Shape([2]), scalars: [1, 256]))
        // printf '\1\0\0\0\0\1\0\0' | sha256sum
        #expect(tensor.sha256 == "242045e2f1bb37769b514f182fd91b3d215324cb57f187cced1e9c62921dbac3")
    }
}
