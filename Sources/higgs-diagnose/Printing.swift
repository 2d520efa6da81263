import AlignmentKit

/// A result that can be printed as text and as JSON from one value.
protocol Printable: Encodable {
    var document: Document { get }
}

extension Printable {
    /// Prints the result to standard output.
    func print(as format: OutputFormat) throws {
        let console = Console.standard
        switch format {
        case .json: console.write(json: try JSONText.encode(self))
        case .text: console.write(TextRenderer(isColoured: console.isColoured).render(document))
        }
    }
}

extension ProfileList: Printable {}
extension ProfileSheet: Printable {}
extension ProfileDifference: Printable {}
extension KnobSheet: Printable {}
extension CatalogueSheet: Printable {}
extension Inspection: Printable {}
extension Verification: Printable {}
