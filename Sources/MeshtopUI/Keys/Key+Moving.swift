import TerminalUI

extension Key {
    /// Where a cursor goes from a line of so many, for keys that move it; `nil` for others.
    func moved(from line: Int, count: Int, page: Int) -> Int? {
        let next: Int
        switch description {
        case "j", "down": next = line + 1
        case "k", "up": next = line - 1
        case "g", "home": next = 0
        case "G", "end": next = count - 1
        case "pgdn", "ctrl-f", "ctrl-d": next = line + page
        case "pgup", "ctrl-b", "ctrl-u": next = line - page
        default: return nil
        }
        return max(0, min(next, count - 1))
    }
}
