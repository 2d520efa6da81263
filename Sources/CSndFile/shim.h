// libsndfile for Swift: the header, and a function for each name that Swift cannot use as it is.
#pragma once
#include <sndfile.h>

// SF_TRUE and the commands are enumerators of an anonymous enum, which Swift imports as constants of
// an unrelated integer type; sf_command takes an untyped pointer that both commands leave alone.
static inline int csndfile_clip(SNDFILE *file) {
    return sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
}
static inline int csndfile_omit_peak(SNDFILE *file) {
    return sf_command(file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
}

// The masks and formats are enumerators of an anonymous enum, as above.
static inline int csndfile_subtype(int format) { return format & SF_FORMAT_SUBMASK; }
static inline int csndfile_container(int format) { return format & SF_FORMAT_TYPEMASK; }
static inline int csndfile_is_raw(int format) {
    return csndfile_container(format) == SF_FORMAT_RAW;
}
static inline int csndfile_wav_pcm16(void) { return SF_FORMAT_WAV | SF_FORMAT_PCM_16; }
static inline int csndfile_wav_float(void) { return SF_FORMAT_WAV | SF_FORMAT_FLOAT; }
