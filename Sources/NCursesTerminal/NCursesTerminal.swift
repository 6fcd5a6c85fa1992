import CNCurses
import Documents
import Glibc
package import TerminalUI

/// Why there is no terminal to draw on.
package enum TerminalError: Error, CustomStringConvertible {
    case notATerminal
    case noTermVariable
    case unknownTerminal(String)
    case failed

    package var description: String {
        switch self {
        case .notATerminal:
            "standard input and output are not a terminal; `meshtop render --screen NAME` prints a screen as text"
        case .noTermVariable: "TERM is not set; say which terminal this is, as in TERM=xterm-256color"
        case .unknownTerminal(let name):
            "the terminal \"\(CellText.cleaned(name))\" (TERM) is not known here; TERM=xterm-256color fits most"
        case .failed: "the terminal could not be set up"
        }
    }
}

/// The terminal that the program runs in: draws surfaces with ncurses and reads events.
///
/// Whatever ends the program, the terminal is given back: `close` is called on every way out that returns, `exit`
/// calls it, and signals and crashes have handlers in C.
@MainActor
package final class NCursesTerminal {
    /// What comes in; ends after `hangup`.
    package let events: EventSource
    package let depth: ColorDepth
    private var drawn: [Cell] = []
    private var drawnSize = Size(0, 0)
    private var drawnTheme: Theme?
    private var pairs: [ColorPair: Int32] = [:]

    private struct ColorPair: Hashable {
        let foreground: Int32
        let background: Int32
    }

    /// Takes the terminal. `color` is what `--color` says.
    package init(color: String? = nil, mouse: Bool = true) throws(TerminalError) {
        let name = NCursesTerminal.variable("TERM") ?? ""
        let entry = NCursesTerminal.entry(for: name, color: color)
        switch cn_open(entry, mouse) {
        case 0: break
        case 1: throw .notATerminal
        case 2: throw .noTermVariable
        case 3: throw .unknownTerminal(name)
        default: throw .failed
        }
        let terminal = Int(cn_colors())
        let wanted = ColorDepth.detected(
            choice: color, environment: NCursesTerminal.variable, terminfoColors: terminal)
        // More than terminfo has cannot be sent through ncurses.
        let possible: ColorDepth =
            switch terminal {
            case 16_777_216...: .direct
            case 256...: .palette
            case 16...: .sixteen
            case 8...: .eight
            default: .mono
            }
        depth = min(wanted, possible)
        events = EventSource(keys: NCursesTerminal.terminfoKeys())
    }

    /// A terminal that says it has 24-bit colour is driven by its entry for that, where one is installed.
    private static func entry(for name: String, color: String?) -> String {
        let depth = ColorDepth.detected(choice: color, environment: variable, terminfoColors: 256)
        guard depth == .direct, name.hasSuffix("-256color") else { return name }
        let direct = String(name.dropLast("-256color".count)) + "-direct"
        return cn_has_entry(direct) ? direct : name
    }

    /// A variable of the environment.
    package static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func terminfoKeys() -> [[UInt8]: Key] {
        let names: [(String, Key)] = [
            ("kcuu1", Key(.up)), ("kcud1", Key(.down)), ("kcub1", Key(.left)), ("kcuf1", Key(.right)),
            ("khome", Key(.home)), ("kend", Key(.end)), ("kpp", Key(.pageUp)), ("knp", Key(.pageDown)),
            ("kdch1", Key(.delete)), ("kich1", Key(.insert)), ("kcbt", Key(.tab, .shift)),
        ]
        var keys: [[UInt8]: Key] = [:]
        for (capability, key) in names {
            guard let text = cn_key(capability) else { continue }
            let bytes = Array(String(cString: text).utf8)
            if bytes.count > 2, bytes[0] == 0x1B { keys[bytes] = key }
        }
        return keys
    }

    /// The size that the terminal has now.
    package var size: Size {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard cn_size(&columns, &rows) else { return drawnSize }
        return Size(min(Int(columns), 1000), min(Int(rows), 1000))
    }

    /// Draws what differs from what is shown. Returns `false`, without having drawn, when the terminal takes no
    /// output now: try again later.
    package func draw(_ surface: Surface, theme: Theme) -> Bool {
        guard cn_writable(0) else { return false }
        let isNew = drawnSize != surface.size || drawnTheme != theme
        if drawnSize != surface.size { cn_repaint() }
        var styles: [Ink: (attributes: UInt32, pair: Int32)] = [:]
        for y in 0..<surface.size.height {
            for x in 0..<surface.size.width {
                let index = y * surface.size.width + x
                let cell = surface.cells[index]
                if cell.width == 0 || (!isNew && drawn[index] == cell) { continue }
                let style: (attributes: UInt32, pair: Int32)
                if let known = styles[cell.ink] {
                    style = known
                } else {
                    style = resolve(theme.style(of: cell.ink, depth: depth))
                    styles[cell.ink] = style
                }
                put(cell.character, x, y, style.attributes, style.pair)
            }
        }
        drawn = surface.cells
        drawnSize = surface.size
        drawnTheme = theme
        if let cursor = surface.cursor {
            cn_cursor(Int32(clamping: cursor.y), Int32(clamping: cursor.x), true)
        } else {
            cn_cursor(Int32(clamping: surface.size.height - 1), 0, false)
        }
        cn_flush()
        return true
    }

    private func put(_ character: Character, _ x: Int, _ y: Int, _ attributes: UInt32, _ pair: Int32) {
        withUnsafeTemporaryAllocation(of: wchar_t.self, capacity: 6) { buffer in
            var count = 0
            for scalar in character.unicodeScalars.prefix(5) {
                buffer[count] = wchar_t(bitPattern: scalar.value)
                count += 1
            }
            buffer[count] = 0
            if let base = buffer.baseAddress { cn_put(Int32(y), Int32(x), base, attributes, pair) }
        }
    }

    private func resolve(_ style: Style) -> (attributes: UInt32, pair: Int32) {
        let key = ColorPair(foreground: number(style.foreground), background: number(style.background))
        let pair: Int32
        if let known = pairs[key] {
            pair = known
        } else {
            pair = cn_pair(key.foreground, key.background)
            pairs[key] = pair
        }
        return (UInt32(style.attributes.rawValue), pair)
    }

    private func number(_ color: Color) -> Int32 {
        switch color {
        case .terminal: return -1
        case .indexed(let index):
            guard depth == .direct, index >= 8 else { return Int32(index) }
            return number(.rgb(RGB.indexed(index)))
        case .rgb(let value):
            let hex = Int32(value.red) << 16 | Int32(value.green) << 8 | Int32(value.blue)
            // The entries for direct colour take 0...7 for the terminal's own colours.
            return hex < 8 ? 8 : hex
        }
    }

    /// The next frame is drawn whole.
    package func repaint() {
        drawnTheme = nil
        cn_repaint()
    }

    /// Stops the program as a shell's job and comes back when it goes on. `true` when it was asked to end meanwhile.
    package func suspend(group: Bool) -> Bool {
        let ended = cn_suspend(group) != 0
        repaint()
        return ended
    }

    /// Takes the mouse, or leaves it to the terminal.
    package func setMouse(_ isOurs: Bool) { cn_mouse(isOurs) }

    /// Lets another program have the terminal for a while.
    package func lend<Result>(_ use: () -> Result) -> Result {
        cn_close()
        defer {
            cn_resume()
            repaint()
        }
        return use()
    }

    /// Sets the modes again after a stop that nobody could catch.
    package func resume() {
        cn_resume()
        repaint()
    }

    /// Hands a text to the terminal's clipboard (OSC 52).
    package func copy(_ text: String) {
        let bytes = Array(("\u{1B}]52;c;" + Base64.encode(Array(text.utf8.prefix(74_000))) + "\u{07}").utf8)
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            cn_raw(base.assumingMemoryBound(to: CChar.self), buffer.count)
        }
    }

    /// Gives the terminal back.
    package func close() { cn_close() }
}
