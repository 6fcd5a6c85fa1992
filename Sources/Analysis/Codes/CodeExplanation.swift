/// What a code of a finding means, and what to do about it.
package struct CodeExplanation: Hashable, Sendable {
    package let code: String
    /// istioctl's name of the message, or a few words.
    package let title: String
    package let meaning: String
    package let remedy: String

    init(_ code: String, _ title: String, _ meaning: String, _ remedy: String) {
        self.code = code
        self.title = title
        self.meaning = meaning
        self.remedy = remedy
    }

    /// Where the project whose code it is explains it; `nil` for meshtop's own.
    package var page: String? {
        if code.hasPrefix("IST") {
            return "https://istio.io/latest/docs/reference/config/analysis/\(code.lowercased())/"
        }
        if code.hasPrefix("KIA") {
            return "https://kiali.io/docs/features/validations/#\(code.lowercased())"
        }
        return nil
    }

    /// Every code that can be given: istioctl's, Kiali's, meshtop's.
    package static let all = istio + istioPolicies + kiali + meshtop

    private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

    /// A code in any case.
    package static func of(_ code: String) -> CodeExplanation? { byCode[code.uppercased()] }
}
