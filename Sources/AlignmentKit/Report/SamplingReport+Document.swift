import AlignmentDiagnosis

extension SamplingReport {
    /// The report for people.
    public var document: Document {
        var document = Document()
        for sample in samples { sample.write(to: &document) }
        document.list(failures.map(\.message))
        return document
    }
}

extension SamplerFindings {
    fileprivate func write(to document: inout Document) {
        document.heading(1, "\(path), sample \(sample)")
        document.paragraph("\(verdict) \(why)")
    }
}
