internal import CKernels
internal import COpenBLAS

/// The kernels with which OpenBLAS multiplies matrices.
public enum ProductKernels {
    /// What `OPENBLAS_CORETYPE` must say when a process starts, for products as fast as its processor can; nil where
    /// OpenBLAS's own choice is.
    ///
    /// A processor that OpenBLAS does not know by name counts as the oldest that it does, Prescott, whose kernels use
    /// a quarter of the width that AVX2 has.
    public static var betterCore: String? {
        guard let chosen = openblas_get_corename(), String(cString: chosen) == "Prescott",
            codec_processor_level() >= 3
        else { return nil }
        return "Haswell"
    }
}
