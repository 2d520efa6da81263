import ArgumentParser

@main
struct HiggsDiagnose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "higgs-diagnose",
        abstract: "Says why a Higgs Audio pipeline goes silent, from what it really did.",
        discussion: """
            Archives hold what a pipeline did, stage by stage. The same stages are run again, once as the \
            pipeline was set and once as upstream's serving engine is.

            Exit codes: 0 everything asked for was compared and passed; 1 a mismatch, a failed check or a \
            defect; 2 something could not be compared; 64 wrong usage.

            Example: higgs-diagnose run golden/silent-output.h5
            """,
        version: Version.words,
        subcommands: [
            RunCommand.self, ExplainCommand.self, SamplingCommand.self, CatalogueCommand.self,
            ValidateCommand.self,
            CompareCommand.self, InspectCommand.self,
            VerifyCommand.self, AudioCommand.self, LogCommand.self, GateCommand.self,
            ProfileCommand.self, DecodeCommand.self, ImportCommand.self, ExportCommand.self,
            WorkerCommand.self,
        ])
}
