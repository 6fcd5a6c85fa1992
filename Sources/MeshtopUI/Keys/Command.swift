/// What a key does. Footer, help and the clash test come from the tables that name these.
enum Command: Hashable, Sendable {
    /// One of the keys that move a cursor; the screen's list or text knows which.
    case move
    case screen(ScreenID)
    case open, back, last, backward, forward
    case filter, clearFilter, nextMatch, previousMatch
    case sort, wide, columnLeft, columnRight
    case help, palette, copyMenu, proxies, themes
    case raw, manifest, edit, describe
    case nextPane
    case trace, copyCurl
    case editRequest, run, send, want, patch, callers
    case pause, follow
    case previousSibling, nextSibling, resetCounters, eject, undo
    case traffic, faultsOnly, export, reload, repaint, suspend, quit, quitNow
}
