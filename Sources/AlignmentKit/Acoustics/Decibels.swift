internal import Foundation

/// Levels.
enum Decibels {
    /// A mean square in dB; that of full scale is 0, and digital zero is -200.
    static func level(ofMeanSquare value: Double) -> Double { 10 * log10(value + 1e-20) }
}
