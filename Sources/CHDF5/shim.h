// libhdf5 for Swift: the header, and a function for each name that Swift cannot import.
#pragma once
#include <hdf5.h>

// The predefined types are macros that call H5open() and then name a global variable, which Swift
// does not import. They belong to the library: copy them to own them.
static inline hid_t chdf5_type_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_type_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_type_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_type_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_type_uint16(void) { return H5T_STD_U16LE; }
static inline hid_t chdf5_type_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_type_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_type_string(void) { return H5T_C_S1; }

// A macro whose value is a cast of -1, which Swift does not import.
static inline size_t chdf5_variable_size(void) { return H5T_VARIABLE; }

// The property list classes are macros that call H5open(), as the types are.
static inline hid_t chdf5_class_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_class_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_class_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_class_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_class_link_create(void) { return H5P_LINK_CREATE; }
static inline hid_t chdf5_class_transfer(void) { return H5P_DATASET_XFER; }

// Macros with a cast or a call of H5open() in front of the number, which Swift does not import.
static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_whole_space(void) { return H5S_ALL; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }

// H5E_DEFAULT is a macro with a cast. A thread-safe library keeps the setting per thread.
static inline void chdf5_silence_errors(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
static inline void chdf5_clear_errors(void) { H5Eclear2(H5E_DEFAULT); }
static inline herr_t chdf5_walk_errors(H5E_walk2_t visit, void *context) {
    return H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, visit, context);
}

// The address of an object; the function and its structure have another name in each release line.
static inline herr_t chdf5_object_address(hid_t object, unsigned long long *address) {
#if H5_VERSION_GE(1, 12, 0)
    H5O_info1_t info;
    herr_t status = H5Oget_info1(object, &info);
#else
    H5O_info_t info;
    herr_t status = H5Oget_info2(object, &info, H5O_INFO_BASIC);
#endif
    *address = status < 0 ? 0 : (unsigned long long)info.addr;
    return status;
}

// H5Pget_filter2 takes arrays that we do not need and a name that we do: one call without them.
static inline H5Z_filter_t chdf5_filter(hid_t list, unsigned index, char *name, size_t size) {
    unsigned flags = 0, config = 0;
    size_t parameters = 0;
    return H5Pget_filter2(list, index, &flags, &parameters, NULL, size, name, &config);
}
