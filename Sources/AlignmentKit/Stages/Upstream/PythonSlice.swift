/// The indices that Python's `x[start:stop]` selects of `count` elements: negative bounds count from the
/// end, bounds outside are moved to the ends, and a stop before the start selects nothing.
func pythonSlice(_ start: Int, _ stop: Int, count: Int) -> Range<Int> {
    func clamped(_ bound: Int) -> Int { min(max(bound < 0 ? bound + count : bound, 0), count) }
    let lower = clamped(start)
    return lower..<max(lower, clamped(stop))
}
