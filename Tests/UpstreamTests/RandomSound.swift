import Foundation

/// Waveforms of the kinds that pipelines meet.
enum RandomSound: CaseIterable {
    case speech, noise, tone, silence, click, quiet, steps

    /// This many samples, at most about full scale.
    func samples(_ count: Int, _ dice: inout Dice) -> [Float] {
        let pitch = Double.random(in: 80...300, using: &dice) / 16_000
        let phase = Double.random(in: 0...6, using: &dice)
        switch self {
        case .speech:
            return (0..<count).map { index in
                let time = Double(index)
                let voice = (1...20).reduce(0.0) {
                    $0 + sin(2 * .pi * pitch * Double($1) * time) / Double($1)
                }
                let syllables = 1 + sin(time * 2e-4 * .pi + phase)
                return Float(0.1 * voice * syllables + 1e-3 * Double.random(in: -1...1, using: &dice))
            }
        case .noise: return dice.list(count) { Float.random(in: -1...1, using: &$0) }
        case .tone:
            let frequency = Double.random(in: 0...0.5, using: &dice)
            return (0..<count).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) + phase)) }
        case .silence: return Array(repeating: 0, count: count)
        case .click:
            var samples = [Float](repeating: 0, count: count)
            if count > 0 { samples[dice.roll(0...count - 1)] = .random(in: -1...1, using: &dice) }
            return samples
        case .quiet: return dice.list(count) { Float.random(in: -1e-6...1e-6, using: &$0) }
        case .steps:
            // 16-bit samples, as files hold them.
            return (0..<count).map {
                Float((2000 * sin(2 * .pi * pitch * Double($0) + phase)).rounded()) / 32768
            }
        }
    }
}
