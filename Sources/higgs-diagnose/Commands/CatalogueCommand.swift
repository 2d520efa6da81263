import AlignmentKit
import ArgumentParser

struct CatalogueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "Lists the deviations that explain knows: what each is, what shows it, what to change.",
        discussion: "Example: higgs-diagnose catalogue")

    /// How the catalogue is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, markdown
    }

    @Option(help: "Print text for people, JSON, or the tables of docs/faults.md.")
    var format = Format.text

    func run() throws {
        switch format {
        case .text: try CatalogueSheet().print(as: .text)
        case .json: try CatalogueSheet().print(as: .json)
        case .markdown: Console.standard.write(CatalogueSheet().markdown)
        }
    }
}
