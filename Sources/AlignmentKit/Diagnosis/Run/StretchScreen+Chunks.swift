import AlignmentCodec
import AlignmentStages
import AlignmentTensors

/// Chunks, by what stands on both sides of one seam.
extension StretchScreen {
    /// The frames on each side of chunks of a length that give the recorded sound at a seam; nil where none do.
    ///
    /// The frame before a seam hangs on the chunk's right context, the one behind it on the left one; in chunks shorter
    /// than the codec's reach each on the other one too, so that both are looked for in turn.
    func contexts(ofChunks length: Int, _ profile: Profile) -> (left: Int, right: Int)? {
        guard case .success(let codec) = runner.codec, let (_, codes, found) = longestCall,
            length < codes.columns,
            found.count % codes.columns == 0
        else { return nil }
        let (hop, frames) = (found.count / codes.columns, Self.stretch(of: codes.columns, chunks: length))
        let middle = (frames.lowerBound + 1) * hop
        func residual(_ recorded: Range<Int>, _ computed: ArraySlice<Float>) -> Double {
            let part = Array(computed)
            let power = part.reduce(0) { $0 + Double($1) * Double($1) }
            return distance(of: found[recorded], part, .scale).error / max(power, .leastNormalMagnitude)
        }
        /// What contexts leave of the frame on each side of the seam.
        func residuals(_ left: Int, _ right: Int) -> (before: Double, behind: Double) {
            var decode = profile.decode
            (decode.chunkFrames, decode.chunkContext, decode.chunkRightContext) = (length, left, right)
            guard let part = samples(of: frames, of: codes, with: codec, under: decode), part.count == 2 * hop
            else { return (.infinity, .infinity) }
            return (
                residual(middle - hop..<middle, part[..<hop]), residual(middle..<middle + hop, part[hop...])
            )
        }
        func best(_ residual: (Int) -> Double) -> Int {
            var best = (residual: Double.infinity, context: 0)
            for context in 0...DecodeStage.reach {
                let found = residual(context)
                if found < best.residual { best = (found, context) }
                // Nothing can fit better than all but the rounding of float32.
                if found < 1e-10 { break }
            }
            return best.context
        }
        var (left, right) = (best { residuals($0, $0).behind }, best { residuals($0, $0).before })
        for _ in 0..<(length < DecodeStage.reach ? 2 : 0) {
            right = best { residuals(left, $0).before }
            left = best { residuals($0, right).behind }
        }
        let (before, behind) = residuals(left, right)
        guard max(before, behind) < Self.share, min(left, right) < DecodeStage.reach else { return nil }
        return (left, right)
    }

    /// Two frames in the middle, or on both sides of the seam that is nearest to it.
    static func stretch(of columns: Int, chunks length: Int?) -> Range<Int> {
        var middle = columns / 2
        if let length, length < columns {
            let before = max(middle / length, 1) * length
            middle =
                before + length < columns && middle - before > before + length - middle
                ? before + length : before
        }
        return middle - 1..<min(middle + 1, columns)
    }
}
