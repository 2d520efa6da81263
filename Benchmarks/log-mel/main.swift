// Times Whisper's log-mel features of one window.
//
// log-mel-benchmark BINS SOUND: the mel bins and a file of raw little-endian float32 at 16 kHz.
// Reads one line from standard input before each run and answers with one line, the seconds it took; the end of
// input ends it.

import AlignmentKit
import Dispatch
import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 3, let bins = Int(arguments[1]), bins > 0 else {
    FileHandle.standardError.write(Data("usage: log-mel-benchmark BINS SOUND\n".utf8))
    exit(64)
}
let sound = try Data(contentsOf: URL(fileURLWithPath: arguments[2]))
    .withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
let mel = LogMel(bins: bins)
while readLine() != nil {
    let start = DispatchTime.now().uptimeNanoseconds
    let features = mel.features(of: [sound[...]])
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    precondition(features.count == bins * LogMel.frames)
    print(seconds)
    fflush(nil)
}
