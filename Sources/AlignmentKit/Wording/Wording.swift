import Foundation

/// A number in three digits, with an exponent where it is very small or large: `2.92e-03`, `0.95`.
package func number(_ value: Double) -> String {
    let magnitude = value.magnitude
    if value.isNaN { return "nan" }
    if value.isInfinite { return value > 0 ? "inf" : "-inf" }
    if magnitude != 0 && (magnitude < 1e-3 || magnitude >= 1e6) { return formatted("%.2e", value) }
    if value == value.rounded() { return formatted("%.0f", value) }
    return formatted("%.3g", value)
}

/// Two numbers with as many digits as show that they differ: `-0.01731` and `-0.01729`.
package func contrast(_ left: Double, _ right: Double) -> (String, String) {
    let short = (number(left), number(right))
    guard short.0 == short.1, left != right, left.isFinite, right.isFinite else { return short }
    if left == left.rounded(), right == right.rounded(), max(left.magnitude, right.magnitude) < 1e15 {
        return (formatted("%.0f", left), formatted("%.0f", right))
    }
    for digits in 4...17 {
        let pair = (formatted("%.\(digits)g", left), formatted("%.\(digits)g", right))
        if pair.0 != pair.1 { return pair }
    }
    return short
}

/// A share as a percentage: `91.7 %`.
package func percent(_ share: Double) -> String {
    let value = share * 100
    return (value == value.rounded() ? formatted("%.0f", value) : formatted("%.1f", value)) + " %"
}

/// A count with its noun: `1 segment`, `2 segments`.
package func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// One number as C's printf writes it.
package func formatted(_ format: String, _ value: Double) -> String {
    withVaList([value]) { arguments in
        var buffer = [CChar](repeating: 0, count: 64)
        let length = buffer.withUnsafeMutableBufferPointer {
            vsnprintf($0.baseAddress, $0.count, format, arguments)
        }
        return String(
            decoding: buffer.prefix(max(Int(length), 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
