public enum SoundWriter { public static func write(_ samples: [Float], to path: String) throws {} }
