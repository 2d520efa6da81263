/// How a line of a log begins.
public enum LogFormat: String, Sendable, Codable, CaseIterable {
    /// A message alone.
    case bare
    /// `time | LEVEL | module:function:line - message`.
    case loguru
    /// Python's logging: `LEVEL:name:message`, `time - name - LEVEL - message`, `LEVEL message`.
    case logging
    /// `[LEVEL|file.py:12] time >> message`.
    case transformers
    /// `LEVEL 01-02 03:04:05 [file.py:12] message`.
    case vllm
    /// `[2025-01-02 03:04:05 TP0] message`.
    case sglang
    /// `file.py:12: UserWarning: message`.
    case warning
    /// A time and a message.
    case timed
    /// One JSON object a line, of loguru, structlog or the like.
    case json
}
