/// What a line may refer to outside itself. The target reads no files and no environment; whoever calls hands them in.
package struct ReplayContext: Sendable {
    /// The value of an environment variable; `nil` is not set.
    package var variable: @Sendable (String) -> String?
    /// What the command prints to standard output: `["kubectl", "get", "svc", …]`; `nil` is not known.
    package var output: @Sendable ([String]) -> String?
    /// The bytes of a file, `-` for standard input; `nil` is not readable.
    package var file: @Sendable (String) -> [UInt8]?

    package init(
        variable: @escaping @Sendable (String) -> String? = { _ in nil },
        output: @escaping @Sendable ([String]) -> String? = { _ in nil },
        file: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
    ) {
        self.variable = variable
        self.output = output
        self.file = file
    }

    /// Bounds: a paste is text that a person copied, and a loop in it is unrolled.
    package static let longestText = 1 << 20
    package static let mostRequests = 10_000
}
