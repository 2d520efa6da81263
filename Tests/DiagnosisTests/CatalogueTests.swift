import AlignmentKit
import Foundation
import Testing

@Suite("Catalogue")
struct CatalogueTests {
    private let model = ModelConfiguration()

    @Test("every id names the stage that its knobs act on, and no id stands twice")
    func ids() {
        #expect(Set(Deviation.catalogue.map(\.id)).count == Deviation.catalogue.count)
        for deviation in Deviation.catalogue {
            #expect(deviation.id.hasPrefix(deviation.stage.rawValue + "."))
            #expect(deviation.knobs.allSatisfy { $0.stage == deviation.stage })
        }
    }

    @Test("docs/faults.md holds the catalogue as it is")
    func page() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let page = try String(contentsOfFile: root + "/docs/faults.md", encoding: .utf8)
        #expect(page.hasSuffix(CatalogueSheet().markdown))
    }

    @Test("each row is shown by knobs or by facts, says what it needs, and is found by its id")
    func rows() {
        for deviation in Deviation.catalogue {
            #expect(!deviation.needs.isEmpty && !deviation.fix.isEmpty && !deviation.clause.hasSuffix("."))
            #expect(Deviation.named(deviation.id)?.id == deviation.id)
        }
        #expect(Deviation.catalogue.count == 70)
        #expect(Set(Deviation.catalogue.map(\.kind)) == Set(Deviation.Kind.allCases))
    }

    @Test("no profile deviates from itself", arguments: ProfileDescription.builtin.map(\.name))
    func itself(name: String) throws {
        let profile = try #require(ProfileDescription.named(name)).resolved(for: model)
        #expect(Deviation.catalogue.allSatisfy { !$0.isPresent(in: profile, against: profile) })
    }

    @Test("the story's pipeline has the deviations that its script has")
    func story() {
        let story = ProfileDescription.silentOutput.resolved(for: model)
        let reference = ProfileDescription.serveEngine.resolved(for: model)
        let present = Deviation.catalogue.filter { $0.isPresent(in: story, against: reference) }.map(\.id)
        #expect(
            present == [
                "collator.surplus-placeholder", "collator.trailing-start", "collator.waveforms-present",
                "collator.return-audio-in-tokens", "collator.whisper-forced", "collator.whisper-mel-bins",
                "generation.temperature", "generation.top-k", "generation.ras-window", "tokens.strip-guard",
                "tokens.joined-segments",
            ])
    }

    @Test("repairing every deviation of a stage gives the reference's knobs that deviations name")
    func repair() {
        let story = ProfileDescription.silentOutput.resolved(for: model)
        let reference = ProfileDescription.serveEngine.resolved(for: model)
        let repaired = Deviation.catalogue.reduce(story) { $1.repaired(in: $0, by: reference) }
        #expect(Deviation.catalogue.allSatisfy { !$0.isPresent(in: repaired, against: reference) })
    }
}
