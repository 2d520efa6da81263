import AlignmentTensors

/// The codes that a sample carries, and how long each segment is in them.
///
/// Source: upstream `serve/serve_engine.py`, `HiggsAudioServeEngine._prepare_inputs`, which joins the codes as the
/// codec gave them; the other forms are what other pipelines put in their place.
struct SampleCodes {
    /// [codebook, column]; nil stands for None.
    let codes: NDArray<Int64>?
    /// Columns of each segment.
    let lengths: [Int]

    /// The codes of a request with at least one segment.
    ///
    /// - Throws: what torch raises where segments differ in height or a codebook is not there.
    init(of item: CollatorItem, under profile: CollatorProfile) throws(UpstreamError) {
        if profile.segmentCodes == .asBuilt, let built = item.built {
            codes = built.audioIDsConcat
            let encoded = item.segments.map(\.codes.columns)
            lengths = encoded.count == 1 ? codes.map { [$0.columns] } ?? encoded : encoded
            return
        }
        var segments: [NDArray<Int64>] = []
        for segment in item.segments { segments.append(try segment.codes(under: profile)) }
        if let error = UpstreamError.unequalSizes(
            exceptDimension: 1, sizes: segments.map(\.rows), in: "torch.cat of the segments' codes")
        {
            throw error
        }
        lengths = segments.map(\.columns)
        codes = NDArray(
            rows: segments.first?.rows ?? 0, columns: lengths.reduce(0, +), joining: segments)
    }
}

extension EncodedSegment {
    /// The codes in the form that the profile puts into the sample; as encoded where only the built sample has
    /// another.
    ///
    /// - Throws: what torch raises where a codebook is not there.
    /// - Source: upstream `model/higgs_audio/utils.py`, `build_delay_pattern_mask`; its collator's BOS and EOS
    ///   columns.
    func codes(under profile: CollatorProfile) throws(UpstreamError) -> NDArray<Int64> {
        switch profile.segmentCodes {
        case .asEncoded, .asBuilt: return codes
        case .delayed: return StreamBuilder(delaying: profile).stream(codes)
        case .delayedBare:
            return DelayPattern.build(
                codes, bos: Int64(profile.audioStreamBOS), eos: Int64(profile.audioStreamEOS))
        case .codebooks(let order): return try codes.codebooks(order)
        }
    }
}

extension CollatorItem {
    /// The form in which the built sample has the codes: the first that gives them exactly.
    func observedCodes(_ profile: CollatorProfile) -> SegmentCodes {
        var profile = profile
        func codes(_ form: SegmentCodes) -> NDArray<Int64>? {
            profile.segmentCodes = form
            return (try? SampleCodes(of: self, under: profile))?.codes
        }
        guard let found = built?.audioIDsConcat else { return .asBuilt }
        for form in [SegmentCodes.asEncoded, .delayed, .delayedBare] where codes(form) == found {
            return form
        }
        if let order = codes(.asEncoded).flatMap(found.codebooks(of:)) { return .codebooks(order) }
        return .asBuilt
    }
}

extension NDArray<Int64> {
    /// The numbers of another matrix's rows that this one is made of; nil if it is not. Of equal rows the one in
    /// the same place comes first, then one that is not taken yet.
    fileprivate func codebooks(of other: NDArray) -> [Int]? {
        guard columns == other.columns else { return nil }
        var order: [Int] = []
        for index in 0..<rows {
            let equal = (0..<other.rows).filter { other.row($0) == row(index) }
            guard let first = equal.first else { return nil }
            let free = equal.first { !order.contains($0) }
            order.append(equal.contains(index) ? index : free ?? first)
        }
        return order
    }
}
