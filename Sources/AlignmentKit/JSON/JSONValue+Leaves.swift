extension JSONValue {
    /// Every value that is no object, by the keys that lead to it with dots between them; an object without members is a
    /// value of its own.
    public var leaves: [String: JSONValue] {
        var leaves: [String: JSONValue] = [:]
        func visit(_ value: JSONValue, _ path: String) {
            guard case .object(let members) = value, !members.isEmpty else {
                leaves[path] = value
                return
            }
            for (key, member) in members { visit(member, path.isEmpty ? key : "\(path).\(key)") }
        }
        visit(self, "")
        return leaves
    }
}
