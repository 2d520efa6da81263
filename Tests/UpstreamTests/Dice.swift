import Foundation

/// Random numbers that a seed repeats (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range, each as likely.
    mutating func roll<Number: FixedWidthInteger>(_ range: ClosedRange<Number>) -> Number {
        .random(in: range, using: &self)
    }

    /// True this often.
    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }

    /// One of these.
    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[roll(0...choices.count - 1)] }

    /// As many values as asked for.
    mutating func list<Element>(_ count: Int, _ element: (inout Dice) -> Element) -> [Element] {
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(element(&self)) }
        return elements
    }
}
