package import CurlCommand
package import Documents
package import MeshModel

/// What a command would print.
package struct Prediction: Sendable {
    /// What goes to standard output.
    package var lines: [PredictedLine] = []
    /// What goes to standard error: pipes and redirections leave it alone.
    package var errorLines: [PredictedLine] = []
    package var content = Comparison.Content.lines
    /// What happens, in words: where a request goes, what an object becomes.
    package var effects: [String] = []
    package var notes: [Diagnostic] = []
    /// Set where nothing can be predicted: why.
    package var refusal: String?
    /// Whether the command fails.
    package var isFailure = false

    package init(_ lines: [PredictedLine] = []) { self.lines = lines }

    package init(lines: [String]) { self.lines = lines.map { PredictedLine($0) } }

    package static func refused(_ reason: String) -> Prediction {
        var prediction = Prediction()
        prediction.refusal = reason
        return prediction
    }
}

/// Answers that need the whole of meshtop: the control plane, the engine, the analyzers. The player asks; it knows none of
/// them.
package protocol MeshOracle {
    /// What the transfers of a curl line print.
    func curl(_ invocation: CurlInvocation, in mesh: MeshSnapshot) -> Prediction
    /// `istioctl proxy-config …`, the words behind `proxy-config`.
    func proxyConfig(_ words: [String], in mesh: MeshSnapshot) -> Prediction
    /// What is wrong with the objects of a mesh.
    func findings(in mesh: MeshSnapshot) -> [Diagnostic]
}
