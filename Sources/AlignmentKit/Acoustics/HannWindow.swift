internal import Foundation

/// Hann windows.
enum HannWindow {
    /// One whose next value would be its first.
    static func periodic(_ length: Int) -> [Double] {
        (0..<length).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length)) }
    }

    /// One that would be 0 just before its first and just after its last value.
    static func inner(_ length: Int) -> [Double] {
        (0..<length).map { 0.5 - 0.5 * cos(2 * .pi * Double($0 + 1) / Double(length + 1)) }
    }
}
