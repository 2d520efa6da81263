public import AlignmentTensors

extension ArchiveVerification {
    /// What can be wrong or strange about an object.
    public enum Problem: Sendable, Hashable {
        /// The object cannot be read, or is not what it says it is.
        case error(ArchiveError)
        /// A name that the format does not know at this place.
        case unknownName
        /// An attribute that the format does not know at this place.
        case unknownAttribute(String)
        /// A field of a JSON document that the format does not know.
        case unknownField(String)
        /// Another name of the same group is the same on file systems that ignore case.
        case namesDifferInCaseOnly(other: String)
        /// The object has been visited under another name.
        case secondName(of: String)
        /// The group has been visited under another name, so nothing was checked under this one.
        case groupWithSecondName(of: String)
        /// An attribute of the root that the format asks for and that can be done without.
        case missingRootAttribute(String)
        /// Such an attribute that is not written as the format asks.
        case malformedRootAttribute(String, expected: String, found: String)
        /// A sample whose name the format does not allow.
        case malformedSampleName
        /// A number with leading zeros.
        case malformedNumber
        /// A number is missing among those of a group; where code raised, that may be so.
        case numberingGap(missing: Int, isAllowed: Bool)
        /// Something that must, or that writers put there, does not stand in the group.
        case missingObject(String, isAllowed: Bool)
        /// Another kind of object than the format has at this place.
        case wrongKind(expected: String, found: ObjectKind)
        /// Another element type than the format has at this place.
        case wrongDType(expected: [DType], found: DType)
        /// Another number of axes than the format has at this place.
        case wrongRank(expected: [[String]], found: Shape)
        /// Other axes than the format has at this place.
        case wrongAxes(expected: [[String]], found: [String])
        /// Not one name of an axis for each axis.
        case axesCount([String], Shape)
        /// Two tensors of a stage that count the same thing differ.
        case extentsDiffer(axis: String, found: Int, other: String, expected: Int)
        /// Tensors beside `raised.json`; in `captured`, what was recorded before the code raised.
        case besideRaised(count: Int, isAllowed: Bool)
        /// A JSON document whose value is of another type.
        case wrongDocument(expected: String, found: String)
        /// A key that stands twice in one object of a JSON document.
        case repeatedKey(String)
        /// A field that a JSON document must have.
        case missingField(String)
        /// A field of a JSON document that holds something else.
        case malformedField(String, expected: String, found: String)
        /// A field whose value its readers do not understand and pass over.
        case fieldNotUnderstood(String, expected: String, found: String)
    }
}

extension ArchiveVerification.Problem {
    /// Whether the archive is damaged or outside the format there, rather than unusual.
    public var isError: Bool {
        switch self {
        case .error, .groupWithSecondName, .malformedSampleName, .malformedNumber, .wrongKind,
            .wrongDType, .wrongRank, .wrongAxes, .axesCount, .extentsDiffer, .wrongDocument, .missingField,
            .malformedField, .repeatedKey:
            true
        case .unknownName, .unknownAttribute, .unknownField, .namesDifferInCaseOnly, .secondName,
            .missingRootAttribute, .malformedRootAttribute, .fieldNotUnderstood:
            false
        case .numberingGap(_, let isAllowed), .besideRaised(_, let isAllowed),
            .missingObject(_, let isAllowed):
            !isAllowed
        }
    }

    /// A word for the kind of problem, for programs: `unknown_name`.
    public var code: String {
        switch self {
        case .error(let error): error.reason.code
        case .unknownName: "unknown_name"
        case .unknownAttribute: "unknown_attribute"
        case .unknownField: "unknown_field"
        case .namesDifferInCaseOnly: "names_differ_in_case_only"
        case .secondName: "second_name"
        case .groupWithSecondName: "group_with_second_name"
        case .missingRootAttribute: "missing_root_attribute"
        case .malformedRootAttribute: "malformed_root_attribute"
        case .malformedSampleName: "malformed_sample_name"
        case .malformedNumber: "malformed_number"
        case .numberingGap: "numbering_gap"
        case .missingObject: "missing_object"
        case .wrongKind: "wrong_kind"
        case .wrongDType: "wrong_dtype"
        case .wrongRank: "wrong_rank"
        case .wrongAxes: "wrong_axes"
        case .axesCount: "axes_count"
        case .extentsDiffer: "extents_differ"
        case .besideRaised: "beside_raised"
        case .wrongDocument: "wrong_document"
        case .missingField: "missing_field"
        case .repeatedKey: "repeated_key"
        case .malformedField: "malformed_field"
        case .fieldNotUnderstood: "field_not_understood"
        }
    }
}

extension ArchiveError.Reason {
    fileprivate var code: String {
        switch self {
        case .hashMismatch: "hash_mismatch"
        case .missingAttribute: "missing_attribute"
        case .malformedAttribute: "malformed_attribute"
        case .wrongStorage: "wrong_storage"
        case .malformedBool: "malformed_bool"
        case .overLimit: "over_limit"
        case .refused: "refused"
        case .malformedText: "malformed_text"
        case .malformedName: "malformed_name"
        default: "unreadable"
        }
    }
}
