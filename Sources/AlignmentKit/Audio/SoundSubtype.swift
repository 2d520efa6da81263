internal import CSndFile

/// The encodings of samples, by the names of libsndfile's constants.
enum SoundSubtype {
    /// The name, such as "PCM_16"; one that this table lacks is given by its number.
    static func name(of format: Int32) -> String {
        let subtype = csndfile_subtype(format)
        return names[subtype] ?? "SUBTYPE_\(subtype)"
    }

    private static let names: [Int32: String] = [
        0x01: "PCM_S8", 0x02: "PCM_16", 0x03: "PCM_24", 0x04: "PCM_32", 0x05: "PCM_U8",
        0x06: "FLOAT", 0x07: "DOUBLE",
        0x10: "ULAW", 0x11: "ALAW", 0x12: "IMA_ADPCM", 0x13: "MS_ADPCM",
        0x20: "GSM610", 0x21: "VOX_ADPCM", 0x22: "NMS_ADPCM_16", 0x23: "NMS_ADPCM_24", 0x24: "NMS_ADPCM_32",
        0x30: "G721_32", 0x31: "G723_24", 0x32: "G723_40",
        0x40: "DWVW_12", 0x41: "DWVW_16", 0x42: "DWVW_24", 0x43: "DWVW_N",
        0x50: "DPCM_8", 0x51: "DPCM_16",
        0x60: "VORBIS", 0x64: "OPUS",
        0x70: "ALAC_16", 0x71: "ALAC_20", 0x72: "ALAC_24", 0x73: "ALAC_32",
        0x80: "MPEG_LAYER_I", 0x81: "MPEG_LAYER_II", 0x82: "MPEG_LAYER_III",
    ]
}
