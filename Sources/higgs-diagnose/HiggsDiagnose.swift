import AlignmentKit
import ArgumentParser

@main
struct HiggsDiagnose: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "higgs-diagnose")
}
