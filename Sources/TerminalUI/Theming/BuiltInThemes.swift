/// The themes of the folder `Themes/`, letter for letter, so that a binary copied elsewhere has them.
///
/// `UPDATE_GOLDENS=1 swift test --filter ThemeTests` writes this file anew.
package enum BuiltInThemes {
    package static let all: [(name: String, text: String)] = [
        (
            "harbour",
            #"""
            # The default: dark, on the terminal's own background, safe for colour-blind eyes (after Okabe and Ito).
            meshtop:
              name: Harbour
              variant: dark
              roles:
                text: "#d4d9de"
                textDim: "#8b96a1"
                background: default
                border: "#6a7682"
                borderFocus: "#56b4e9"
                title: {fg: "#ffffff", style: bold}
                header: "#aab4be"
                headerValue: {fg: "#ffffff", style: bold}
                live: {fg: "#35c29a", style: bold}
                tab: "#aab4be"
                tabActive: {fg: "#06202e", bg: "#56b4e9", style: bold}
                tableHeader: {fg: "#9cc7e4", style: bold}
                sortColumn: {fg: "#f0e442", style: [bold, underline]}
                cursor: {fg: "#ffffff", bg: "#005f87"}
                mark: "#dd93bb"
                match: {fg: "#101010", bg: "#f0e442"}
                key: "#56b4e9"
                keyText: "#98a2ac"
                prompt: "#f0e442"
                promptError: "#ff8a5c"
                suggestion: "#808b96"
                name: "#ffffff"
                ok: "#35c29a"
                warn: "#e69f00"
                error: {fg: "#f27f47", style: bold}
                info: "#56b4e9"
                changed: "#dd93bb"
                predicted: "#d5a3cf"
                observed: "#56b4e9"
                graph: ["#35c29a", "#f0e442", "#f27f47"]
                yamlKey: "#56b4e9"
                yamlValue: "#35c29a"
                source: "#8b96a1"
                dialog: {fg: "#d4d9de", bg: "#18222b"}
                button: "#aab4be"
                buttonFocus: {fg: "#06202e", bg: "#56b4e9", style: bold}

            """#
        ),
        (
            "daylight",
            #"""
            # Light, for bright rooms and white terminals.
            meshtop:
              name: Daylight
              variant: light
              roles:
                text: "#24292f"
                textDim: "#5f6b76"
                background: "#fbfbf8"
                border: "#7d8b98"
                borderFocus: "#0b63a5"
                title: {fg: "#0a3d62", style: bold}
                header: "#4a5560"
                headerValue: {fg: "#0a3d62", style: bold}
                live: {fg: "#00694c", style: bold}
                tab: "#4a5560"
                tabActive: {fg: "#ffffff", bg: "#0b63a5", style: bold}
                tableHeader: {fg: "#0b5c99", style: bold}
                sortColumn: {fg: "#8a2f6b", style: [bold, underline]}
                cursor: {fg: "#0a2233", bg: "#afd7ff"}
                mark: "#96256f"
                match: {fg: "#1c1a00", bg: "#ffe36e"}
                key: "#0b63a5"
                keyText: "#5a6570"
                prompt: "#8a2f6b"
                promptError: "#a83a00"
                suggestion: "#77828c"
                name: "#11161b"
                ok: "#00694c"
                warn: "#8a5500"
                error: {fg: "#a83a00", style: bold}
                info: "#0b63a5"
                changed: "#96256f"
                predicted: "#7a3f9d"
                observed: "#0b63a5"
                graph: ["#00694c", "#8a6d00", "#a83a00"]
                yamlKey: "#0b63a5"
                yamlValue: "#00694c"
                source: "#5f6b76"
                dialog: {fg: "#24292f", bg: "#edf1f4"}
                button: "#4a5560"
                buttonFocus: {fg: "#ffffff", bg: "#0b63a5", style: bold}

            """#
        ),
        (
            "high-contrast",
            #"""
            # White and few clear colours on black: every pair has at least 7:1.
            meshtop:
              name: High contrast
              variant: dark
              roles:
                text: "#ffffff"
                textDim: "#d0d0d0"
                background: "#000000"
                border: "#c0c0c0"
                borderFocus: {fg: "#ffff00", style: bold}
                title: {fg: "#ffffff", style: bold}
                header: "#ffffff"
                headerValue: {fg: "#ffff00", style: bold}
                live: {fg: "#5fffd0", style: bold}
                tab: "#ffffff"
                tabActive: {fg: "#000000", bg: "#ffff00", style: bold}
                tableHeader: {fg: "#7fdfff", style: [bold, underline]}
                sortColumn: {fg: "#ffff00", style: [bold, underline]}
                cursor: {fg: "#000000", bg: "#ffffff", style: bold}
                mark: {fg: "#ffb0e0", style: bold}
                match: {fg: "#000000", bg: "#ffff00", style: bold}
                key: {fg: "#ffff00", style: bold}
                keyText: "#ffffff"
                prompt: {fg: "#ffff00", style: bold}
                promptError: {fg: "#ff9a70", style: bold}
                suggestion: "#c0c0c0"
                name: "#ffffff"
                ok: "#5fffd0"
                warn: {fg: "#ffc14d", style: bold}
                error: {fg: "#ff9a70", style: bold}
                info: "#7fdfff"
                changed: "#ffb0e0"
                predicted: "#ffb0e0"
                observed: "#7fdfff"
                graph: ["#5fffd0", "#ffff00", "#ff9a70"]
                yamlKey: "#7fdfff"
                yamlValue: "#5fffd0"
                source: "#d0d0d0"
                dialog: {fg: "#ffffff", bg: "#101010"}
                button: "#ffffff"
                buttonFocus: {fg: "#000000", bg: "#ffff00", style: bold}

            """#
        ),
        (
            "mono",
            #"""
            # No colour at all: bold, underline and reverse say it. This is also what NO_COLOR gives.
            meshtop:
              name: Mono
              variant: dark
              roles: {}
              styles:
                title: [bold]
                tabActive: [reverse, bold]
                tableHeader: [bold, underline]
                sortColumn: [bold, underline]
                error: [bold, underline]
                warn: [bold]

            """#
        ),
        (
            "nightfall",
            #"""
            # Dark and painted: deep blue, soft violet, for terminals whose own background is not dark.
            meshtop:
              name: Nightfall
              variant: dark
              extends: harbour
              roles:
                text: "#cfd6ea"
                textDim: "#8b95b5"
                background: "#141827"
                border: "#626d92"
                borderFocus: "#8fb4ff"
                header: "#a9b3d3"
                live: {fg: "#6fd3b4", style: bold}
                tab: "#a9b3d3"
                tabActive: {fg: "#10142a", bg: "#8fb4ff", style: bold}
                tableHeader: {fg: "#b4a7f5", style: bold}
                sortColumn: {fg: "#ffd479", style: [bold, underline]}
                cursor: {fg: "#ffffff", bg: "#313d6b"}
                mark: "#f0a6d0"
                match: {fg: "#141827", bg: "#ffd479"}
                key: "#8fb4ff"
                keyText: "#96a0c0"
                prompt: "#ffd479"
                promptError: "#ff9b85"
                suggestion: "#7f89aa"
                ok: "#6fd3b4"
                warn: "#ffb86b"
                error: {fg: "#ff8d7a", style: bold}
                info: "#8fb4ff"
                changed: "#f0a6d0"
                predicted: "#c3a6ff"
                observed: "#7fd0f5"
                graph: ["#6fd3b4", "#ffd479", "#ff8d7a"]
                yamlKey: "#8fb4ff"
                yamlValue: "#6fd3b4"
                source: "#8b95b5"
                dialog: {fg: "#cfd6ea", bg: "#1e2438"}
                button: "#a9b3d3"
                buttonFocus: {fg: "#10142a", bg: "#8fb4ff", style: bold}

            """#
        ),
        (
            "parchment",
            #"""
            # Light and warm, easy on the eyes in the evening.
            meshtop:
              name: Parchment
              variant: light
              extends: daylight
              roles:
                text: "#3a3226"
                textDim: "#6f6450"
                background: "#faf4e6"
                border: "#8c7f64"
                borderFocus: "#8a4b08"
                title: {fg: "#5c2f00", style: bold}
                header: "#5e543f"
                headerValue: {fg: "#5c2f00", style: bold}
                tab: "#5e543f"
                tabActive: {fg: "#fff9ec", bg: "#8a4b08", style: bold}
                tableHeader: {fg: "#7a4200", style: bold}
                sortColumn: {fg: "#7b2a5c", style: [bold, underline]}
                cursor: {fg: "#2d2416", bg: "#ecdcb8"}
                match: {fg: "#2d2416", bg: "#f5cf5b"}
                key: "#8a4b08"
                keyText: "#6a5f4a"
                prompt: "#7b2a5c"
                suggestion: "#857a64"
                name: "#221c12"
                ok: "#2a6238"
                warn: "#855000"
                error: {fg: "#a0310a", style: bold}
                info: "#1d5b86"
                observed: "#1d5b86"
                graph: ["#2a6238", "#8a6d00", "#a0310a"]
                yamlKey: "#8a4b08"
                yamlValue: "#2a6238"
                source: "#6f6450"
                dialog: {fg: "#3a3226", bg: "#f1e8d2"}
                button: "#5e543f"
                buttonFocus: {fg: "#fff9ec", bg: "#8a4b08", style: bold}

            """#
        ),
    ]
}
