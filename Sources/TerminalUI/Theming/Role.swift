/// What a piece of text is, for a theme to say how it looks.
///
/// To add one: a case, its parent, its letter. A theme that does not name a role gives it its parent's look.
package enum Role: String, Hashable, Sendable, CaseIterable {
    case text, textDim, background, border, borderFocus, title, tab, tabActive, tableHeader, sortColumn, cursor
    case mark, match, key, keyText, prompt, promptError, suggestion
    case ok, warn, error, info, added, removed, changed, mtls, tls, plaintext
    case http2xx, http3xx, http4xx, http5xx, flag, predicted, observed, graph
    case yamlKey, yamlColon, yamlValue, yamlComment, source, dialog, button, buttonFocus
    case header, headerValue, live, name, number, stripe

    /// Whose look it takes where a theme says nothing.
    package var parent: Role? {
        switch self {
        case .text, .background: nil
        case .textDim, .border, .title, .tab, .cursor, .mark, .match, .key, .prompt: .text
        case .ok, .warn, .error, .info, .predicted, .observed, .graph, .yamlValue, .dialog, .button: .text
        case .header, .name, .number, .plaintext: .text
        case .borderFocus, .headerValue: .title
        case .tabActive, .buttonFocus: .cursor
        case .tableHeader, .yamlKey: .title
        case .sortColumn: .tableHeader
        case .keyText: .textDim
        case .promptError, .removed, .http5xx: .error
        case .suggestion, .yamlColon, .yamlComment, .source: .textDim
        case .added, .mtls, .http2xx, .live: .ok
        case .changed, .tls, .http3xx: .info
        case .http4xx: .warn
        case .flag: .warn
        case .stripe: .background
        }
    }

    /// What says it where there are no colours.
    package var monochrome: Attributes {
        switch self {
        case .title, .tableHeader, .key, .headerValue, .live, .warn, .http4xx, .flag, .name, .yamlKey, .observed: .bold
        case .textDim, .border, .suggestion, .yamlComment, .yamlColon, .keyText, .source: []
        case .borderFocus: .bold
        case .cursor, .tabActive, .buttonFocus: .reverse
        case .error, .promptError, .http5xx, .removed: [.bold, .underline]
        case .sortColumn: [.bold, .underline]
        case .match: .underline
        case .mark: [.bold]
        default: []
        }
    }

    /// The letter of the role in a style map; different for each.
    package var letter: Character {
        switch self {
        case .text: "."
        case .textDim: "d"
        case .background: "_"
        case .border: "b"
        case .borderFocus: "B"
        case .title: "t"
        case .tab: "a"
        case .tabActive: "A"
        case .tableHeader: "h"
        case .sortColumn: "s"
        case .cursor: "C"
        case .mark: "M"
        case .match: "m"
        case .key: "k"
        case .keyText: "K"
        case .prompt: "p"
        case .promptError: "P"
        case .suggestion: "g"
        case .ok: "o"
        case .warn: "w"
        case .error: "e"
        case .info: "i"
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        case .mtls: "x"
        case .tls: "y"
        case .plaintext: "z"
        case .http2xx: "2"
        case .http3xx: "3"
        case .http4xx: "4"
        case .http5xx: "5"
        case .flag: "f"
        case .predicted: "r"
        case .observed: "O"
        case .graph: "G"
        case .yamlKey: "Y"
        case .yamlColon: ":"
        case .yamlValue: "v"
        case .yamlComment: "#"
        case .source: "S"
        case .dialog: "D"
        case .button: "u"
        case .buttonFocus: "U"
        case .header: "H"
        case .headerValue: "V"
        case .live: "L"
        case .name: "n"
        case .number: "N"
        case .stripe: "="
        }
    }

    /// The look in sixteen colours, by hand: nearest colours make dim text and borders unreadable.
    func ansi(_ variant: Theme.Variant) -> (foreground: UInt8?, background: UInt8?, attributes: Attributes) {
        let dark = variant == .dark
        switch self {
        case .textDim, .border, .suggestion, .yamlColon, .yamlComment, .source, .keyText: return (dark ? 7 : 8, nil, [])
        case .borderFocus, .title, .tableHeader, .headerValue: return (dark ? 14 : 4, nil, .bold)
        case .sortColumn: return (dark ? 11 : 5, nil, [.bold, .underline])
        case .tabActive, .cursor, .buttonFocus: return (dark ? 0 : 15, dark ? 6 : 4, [])
        case .mark, .http3xx, .changed, .predicted: return (dark ? 13 : 5, nil, [])
        case .match: return (0, 3, [])
        case .key, .info, .tls, .yamlKey: return (dark ? 14 : 6, nil, [])
        case .ok, .added, .mtls, .http2xx, .live, .graph: return (dark ? 10 : 2, nil, [])
        case .warn, .flag, .http4xx: return (dark ? 11 : 5, nil, .bold)
        case .error, .removed, .plaintext, .http5xx, .promptError: return (dark ? 9 : 1, nil, .bold)
        case .observed: return (dark ? 14 : 6, nil, [])
        case .number, .name: return (dark ? 15 : 0, nil, [])
        default: return (nil, nil, [])
        }
    }
}
