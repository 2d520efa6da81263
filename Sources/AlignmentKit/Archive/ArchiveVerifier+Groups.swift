extension ArchiveVerifier {
    /// Attributes of the root that a reader can do without.
    mutating func checkRoot() {
        let header = reader.header
        let attributes: [(name: String, value: String?, expected: String, isValid: (String) -> Bool)] = [
            ("id", header.id, "a UUID, 8-4-4-4-12 hexadecimal digits", HeaderSyntax.isUUID),
            (
                "created_at", header.createdAt, "a time in ISO 8601, such as 2025-01-02T03:04:05Z",
                HeaderSyntax.isTime
            ),
            ("created_by", header.createdBy, "a name and a version", { !$0.isEmpty }),
        ]
        for attribute in attributes {
            guard let value = attribute.value else {
                note("/", .missingRootAttribute(attribute.name))
                continue
            }
            if !attribute.isValid(value) {
                note(
                    "/", .malformedRootAttribute(attribute.name, expected: attribute.expected, found: value))
            }
        }
        do throws(ArchiveError) {
            let root = try reader.object(at: "/")
            let known = ["format", "format_version"] + attributes.map(\.name)
            checkAttributes(of: "/", root, known: Set(known))
            // So that a way back to it is known.
            _ = firstName(of: root, "/")
        } catch { note("/", .error(error)) }
    }

    /// Names attributes that the format does not have.
    mutating func checkAttributes(of path: String, _ object: StoredObject, known: Set<String>? = nil) {
        let isTensor = object.kind == .tensor || object.kind == .pythonNone
        let known = known ?? (isTensor ? StoredAttributes.ofTensors : [])
        switch object.attributeNames {
        case .success(let names):
            for name in names where !known.contains(name) { note(path, .unknownAttribute(name)) }
        case .failure(let error): note(path, .error(error))
        }
    }

    /// Names that are the same where case or the spelling of accents does not count.
    mutating func checkNames(_ names: [String], in path: [String]) {
        // Strings are equal here if they look the same, so accents spelled in two ways are found as well.
        var folded: [String: String] = [:]
        for name in names {
            if let other = folded.updateValue(name, forKey: name.lowercased()) {
                note(Self.text(path + [name]), .namesDifferInCaseOnly(other: Self.text(path + [other])))
            }
        }
    }

    /// Compares the names in a group with those that the layout has there.
    mutating func checkMembers(
        _ names: [String], in path: [String], _ node: LayoutNode, isCutShort: Bool
    ) {
        let text = Self.text(path)
        for name in names {
            let place = Self.text(path + [name])
            if node.child(name) == nil {
                note(place, .unknownName)
            } else if case .samples = node.open.first?.names, !Self.isSampleName(name) {
                note(place, .malformedSampleName)
            }
        }
        let all = Set(names)
        for (name, row) in node.rows where !all.contains(name) && row.presence.isMissing(among: all) {
            note(text, .missingObject(name, isAllowed: row.presence.isDispensable))
        }
        if case .numbers = node.open.first?.names { checkNumbers(names, in: path, isCutShort: isCutShort) }
        if node.child("raised.json") != nil, all.contains("raised.json") {
            let others = names.filter { node.child($0) != nil && !$0.hasSuffix(".json") }.count
            if others > 0 { note(text, .besideRaised(count: others, isAllowed: path.last == "captured")) }
        }
    }

    private mutating func checkNumbers(_ names: [String], in path: [String], isCutShort: Bool) {
        var next = 0
        for name in names where LayoutNode.isDecimal(name) {
            guard let number = Int(name), String(number) == name else {
                note(Self.text(path + [name]), .malformedNumber)
                continue
            }
            if number != next { note(Self.text(path), .numberingGap(missing: next, isAllowed: isCutShort)) }
            next = number == .max ? number : number + 1
        }
    }

    private static func isSampleName(_ name: String) -> Bool {
        let isAllowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return (1...128).contains(name.utf8.count) && name.utf8.allSatisfy(isAllowed)
    }
}

/// How the root's attributes are written.
enum HeaderSyntax {
    /// 8-4-4-4-12 hexadecimal digits.
    static func isUUID(_ text: String) -> Bool { matches(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") }

    /// A date and a time to the second, with `Z` or an offset, and a fraction where one is given.
    static func isTime(_ text: String) -> Bool {
        guard matches(String(text.prefix(19)), "dddd-dd-ddTdd:dd:dd") else { return false }
        var rest = text.dropFirst(19)
        if rest.first == "." {
            rest = rest.dropFirst()
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty else { return false }
            rest = rest.dropFirst(digits.count)
        }
        return rest == "Z" || matches(String(rest), "+dd:dd") || matches(String(rest), "-dd:dd")
    }

    /// `d` stands for a digit, `x` for a hexadecimal one, anything else for itself.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        text.utf8.count == pattern.utf8.count
            && zip(text, pattern).allSatisfy { character, place in
                switch place {
                case "d": character.isASCII && character.isNumber
                case "x": character.isASCII && character.isHexDigit
                default: character == place
                }
            }
    }
}
