/// What a key does. Footer, help and the clash test come from the tables that name these.
enum Command: Hashable, Sendable {
    /// One of the keys that move a cursor; the screen's list or text knows which.
    case move
    case screen(ScreenID)
    case open, back, last, backward, forward
    case filter, clearFilter, nextMatch, previousMatch, mark
    case sort, wide, columnLeft, columnRight, maximise, grow, shrink
    case help, palette, copyMenu, proxies, themes
    case raw, manifest, edit, describe, distribution, rowsOfObject
    case nextPane
    case trace, copyCurl
    case editRequest, run, times, send, want, patch, callers, keep
    case pause, follow
    case previousSibling, nextSibling, resetCounters, eject, undo
    case older, newer, now, difference
    case traffic, faultsOnly, ignore, takeIgnoredBack, export, reload, repaint, suspend, quit, quitNow

    /// Whether it does something with the list of a screen only.
    var needsList: Bool {
        switch self {
        case .filter, .clearFilter, .nextMatch, .previousMatch, .mark, .sort, .wide, .columnLeft, .columnRight,
            .maximise, .grow,
            .shrink, .describe:
            true
        default: false
        }
    }
}
