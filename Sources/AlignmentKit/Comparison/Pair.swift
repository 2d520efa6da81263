/// Two values at the same place and how far they are apart.
struct Pair<Element: Measurable> {
    let left: Element
    let right: Element
    /// |left - right|; NaN against anything but an accepted NaN is NaN.
    let error: Double
    let isNaNPair: Bool

    init(_ left: Element, _ right: Element, acceptsNaNPairs: Bool) {
        (self.left, self.right) = (left, right)
        isNaNPair = left.real.isNaN && right.real.isNaN
        error = isNaNPair && acceptsNaNPairs ? 0 : Element.error(left, right)
    }

    /// The error beyond the relative tolerance; infinite where no tolerance can help, such as a number against
    /// an infinity, which every share of that infinity would cover.
    func excess(relative: Double) -> Double {
        guard error > 0 || error.isNaN else { return 0 }
        return error.isFinite ? error - relative * right.real.magnitude : .infinity
    }
}

extension RunSums {
    /// Adds one pair.
    mutating func add<Element>(_ pair: Pair<Element>, relative: Double) {
        let (x, y) = (pair.left.real, pair.right.real)
        if pair.isNaNPair { nanPairs += 1 }
        if y.magnitude < Element.maskMagnitude {
            referenceEnergy += y * y
            referenceCount += 1
        }
        if x.isFinite && y.isFinite {
            leftEnergy += x * x
            rightEnergy += y * y
            product += x * y
            errorEnergy += pair.error * pair.error
        } else if pair.error != 0 {
            errorEnergy = .infinity
        }
        guard pair.error != 0 else { return }
        different += 1
        maxAbs = RunSums.larger(maxAbs, pair.error)
        maxExcess = max(maxExcess, pair.excess(relative: relative))
        guard !pair.error.isNaN else { return }
        if y != 0, y.isFinite { maxRel = max(maxRel, pair.error / y.magnitude) }
        if x.isFinite && y.isFinite { maxUlp = max(maxUlp, Element.ulpDistance(pair.left, pair.right)) }
    }
}
