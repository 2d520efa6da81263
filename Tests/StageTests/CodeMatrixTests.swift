import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Ids out of range, ramps and layouts")
struct CodeMatrixTests {
    private let model = ModelConfiguration()

    private func codes(_ rows: [[Int64]], _ turn: (inout TokensProfile) -> Void) throws -> [NDArray<Int64>] {
        var profile = ProfileDescription.serveEngine.resolved(for: model).tokens
        (profile.revert, profile.strip) = (0, .none)
        turn(&profile)
        return try TokensStage.run([matrix(rows)], under: profile, model: model)
    }

    @Test(
        "ids outside the codebook are clipped, wrapped or made 0, and with no bound left",
        arguments: [
            (.clip, 1023, [0, 5, 1023, 1023, 1023]), (.wrap, 1023, [1023, 5, 1023, 0, 1]),
            (.zero, 1023, [0, 5, 1023, 0, 0]), (.wrap, nil, [-1, 5, 1023, 1024, 1025]),
            (.zero, nil, [-1, 5, 1023, 1024, 1025]), (.wrap, 0, [0, 0, 0, 0, 0]),
            (.wrap, -3, [-1, -1, -1, 0, -1]),
        ] as [(OutOfRange, Int?, [Int64])])
    func outOfRange(rule: OutOfRange, bound: Int?, expected: [Int64]) throws {
        let found = try codes([[-1, 5, 1023, 1024, 1025]]) { ($0.outOfRange, $0.clipMax) = (rule, bound) }
        #expect(found == [matrix([expected])])
        let without = try codes([[-1, 1025]]) {
            ($0.outOfRange, $0.clipMax, $0.order) = (rule, bound, [.revert, .strip])
        }
        #expect(without == [matrix([[-1, 1025]])])
    }

    @Test("a remainder by zero raises as torch does")
    func zeroDivisor() {
        let error = #expect(throws: UpstreamError.self) {
            try codes([[1]]) { ($0.outOfRange, $0.clipMax) = (.wrap, -1) }
        }
        #expect(error?.type == "RuntimeError" && error?.message == "ZeroDivisionError")
    }

    @Test("ramps leave the stream before anything else, so the revert loses frames")
    func ramps() throws {
        let delayed: [[Int64]] = [[8, 1, 2, 3, 4, 9, 9], [8, 8, 5, 6, 7, 0, 9]]
        let cut = try codes(delayed) {
            ($0.rampColumns, $0.revert, $0.strip) = (EndCuts(1, 1), 1, .both)
        }
        #expect(cut == [matrix([[2, 3], [6, 7]])])
        #expect(try codes(delayed) { $0.rampColumns = EndCuts(3, 0) }[0].columns == 4)
        for cuts in [EndCuts(7, 0), EndCuts(0, 7), EndCuts(5, 5), EndCuts(0, .max)] {
            #expect(try codes(delayed) { $0.rampColumns = cuts }[0].shape == .matrix(2, 0))
        }
    }

    @Test("a search for the end columns sees what the ramps leave")
    func searchedRamps() throws {
        let rows: [[Int64]] = [[1024, 1, 2, 1025, 0], [1024, 3, 4, 1025, 0]]
        func found(_ cuts: EndCuts) throws -> [NDArray<Int64>] {
            try codes(rows) { ($0.strip, $0.clipMax, $0.rampColumns) = (.searched, nil, cuts) }
        }
        #expect(try found(.none) == [matrix([[1, 2], [3, 4]])])
        #expect(try found(EndCuts(0, 1)) == [matrix([[1, 2], [3, 4]])])
        #expect(try found(EndCuts(0, 3)) == [matrix([[1], [3]])])
        #expect(throws: UpstreamError.self) { try found(EndCuts(1, 0)) }
    }

    @Test("codes are handed on transposed, or with their transposed memory read as if it were not")
    func layouts() throws {
        let rows: [[Int64]] = [[1, 2, 3], [4, 5, 6]]
        #expect(try codes(rows) { $0.layout = .transposed } == [matrix([[1, 4], [2, 5], [3, 6]])])
        #expect(try codes(rows) { $0.layout = .reshaped } == [matrix([[1, 4, 2], [5, 3, 6]])])
        #expect(try codes(rows) { ($0.layout, $0.codebooks) = (.reshaped, [1]) } == [matrix([[4, 5, 6]])])
        #expect(try codes([[], []]) { $0.layout = .transposed }[0].shape == .matrix(0, 2))
    }
}
