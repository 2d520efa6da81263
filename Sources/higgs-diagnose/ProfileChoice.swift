import AlignmentKit
import ArgumentParser

/// A profile as a command is given it: a built-in name, or the path of a YAML file.
enum ProfileChoice {
    /// What `--help` says.
    static let valueName = "name|file"

    /// Throws for a name that no built-in profile has; a file is looked at later, by `profile(_:)`.
    static func validate(_ text: String) throws {
        guard !ProfileDescription.isPath(text), ProfileDescription.named(text) == nil else { return }
        throw ValidationError(
            "There is no profile \"\(text)\"; the profiles are "
                + ProfileDescription.builtin.map(\.name).joined(separator: ", ")
                + ", or give the path of a file, which holds a / or ends in .yaml.")
    }

    /// The profile; what is wrong with a file is said on standard error, and is exit code 2.
    static func profile(_ text: String) throws -> ProfileDescription {
        if let builtin = ProfileDescription.named(text) { return builtin }
        do { return try ProfileDescription(file: text) } catch {
            Console.standard.note(SafeText.oneLine("\(error)."))
            throw ExitCode(2)
        }
    }
}
