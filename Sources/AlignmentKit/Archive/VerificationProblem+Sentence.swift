internal import AlignmentJSON
import AlignmentTensors

extension ArchiveVerification.Problem {
    /// One sentence, on one line, about the object at a path.
    func sentence(about path: String) -> String {
        let sentence =
            switch self {
            case .error(let error): error.description
            default: "\(path == "/" ? "the root" : path) \(predicate)"
            }
        // A name of an archive may hold a line break, or what moves a cursor.
        return SafeText.oneLine(sentence)
    }

    private var predicate: String {
        switch self {
        case .error(let error): error.reason.predicate
        case .unknownName: "is not part of the format and was not interpreted"
        case .unknownAttribute(let name):
            "has an attribute \(name), which the format does not have and was not interpreted"
        case .unknownField(let name):
            "holds a field \(name), which the format does not have and was not interpreted"
        case .namesDifferInCaseOnly(let other): "and \(other) differ in case or accents' spelling only"
        case .secondName(let other): "is a second name of \(other)"
        case .groupWithSecondName(let other):
            "is a second name of the group \(other), and only tensors may have several; nothing was checked under it"
        case .missingRootAttribute(let name): "lacks the attribute \(name)"
        case .malformedRootAttribute(let name, let expected, let found):
            "has an attribute \(name) that is \"\(found)\", expected \(expected)"
        case .malformedSampleName: "is no name for a sample: [A-Za-z0-9._-], 1 to 128 of them"
        case .malformedNumber: "is no number of the format: expected decimal digits without leading zeros"
        case .numberingGap(let missing, let isAllowed):
            "holds numbered objects without \(missing), expected all from 0"
                + (isAllowed ? "; the code raised there" : "; number them without gaps")
        case .missingObject(let name, true): "lacks \(name), which writers put there"
        case .missingObject(let name, false):
            "lacks \(name), which the format requires there; write the archive again"
        case .wrongKind(let expected, let found): "is \(found.phrase), expected \(expected)"
        case .wrongDType(let expected, let found):
            "has elements of type \(found.rawValue), expected \(expected.map(\.rawValue).joined(separator: " or "))"
        case .wrongRank(let expected, let found): "has the shape \(found), expected \(Self.words(expected))"
        case .wrongAxes(let expected, let found):
            "says that its axes are \(Self.words([found])), expected \(Self.words(expected))"
        case .axesCount(let names, let shape):
            "names \(names.count) axes, \(Self.words([names])), but has the shape \(shape)"
        case .extentsDiffer(let axis, let found, let other, let expected):
            "has \(found) along the axis \(axis), but \(other) has \(expected); both count the same thing"
        case .besideRaised(let count, let isAllowed):
            "holds \(count) more \(count == 1 ? "object" : "objects") beside raised.json, "
                + (isAllowed
                    ? "recorded before the code raised"
                    : "expected raised.json in their place; remove one or the other")
        case .wrongDocument(let expected, let found):
            "holds a JSON value of type \(found), expected \(expected)"
        case .repeatedKey(let name):
            "holds the key \(name) twice in one object; readers keep one value or the other"
        case .missingField(let name): "lacks the field \(name), which the format requires"
        case .malformedField(let name, let expected, let found):
            "has a field \(name) that is \(found), expected \(expected)"
        case .fieldNotUnderstood(let name, let expected, let found):
            "has a field \(name) that is \(found), expected \(expected); readers pass over it"
        }
    }

    private static func words(_ axes: [[String]]) -> String {
        axes.map { "[\($0.joined(separator: ", "))]" }.joined(separator: " or ")
    }
}
