package import Presentation
package import TerminalUI

/// What happened.
package enum Message: Sendable {
    case terminal(TerminalEvent)
    /// A new revision, or another proxy was chosen.
    case mesh(MeshView)
    case tick(Tick)
    case simulated(Simulation)
    /// Which request takes which route, by the routes' `id`.
    case witnesses([String: RouteWitness])
    /// Why requests of a kind went wrong.
    case causes(kind: String, lines: [String])
    case fixed(FindingFix)
    /// What changed for requests.
    case difference(title: String, lines: [String])
    /// The lines of the manifests that hold a text.
    case grepped(String, [GrepHit])
    /// The same request from everywhere; `nil` where that cannot be told.
    case callers(CallerTable?)
    /// The lines of a file that were asked for.
    case file(String, [String])
    /// What was asked for is there: it goes to the clipboard.
    case copied(String)
    /// Something to tell for a few seconds.
    case notice(String, isError: Bool)
    /// The signs that are drawn with now.
    case glyphs(Glyphs)
    /// The theme that is drawn with now.
    case theme(String)
}

/// What the run loop has to do.
package enum Effect: Hashable, Sendable {
    case quit
    case suspend
    case repaint
    case selectProxy(String)
    /// Try a curl line; `send` also through the embedded proxy. `want`: where it is meant to go.
    /// Work out the same request from everywhere.
    case callers(line: String)
    case simulate(
        line: String, send: Bool, want: String = "", count: Int = 1, occasion: Simulation.Occasion = .asked)
    /// Try one of these lines to have something to look at: the first that arrives.
    case example([String])
    /// Copy a curl line that a route takes, tried; or say what hides it.
    case copyWitness(table: String, host: String, position: Int)
    /// Find a request for each route of the proxy that is looked at.
    case findWitnesses
    /// Find out why requests like this one went wrong.
    case findCauses(kind: String, line: String, flags: String)
    /// Look for a change that puts a finding right.
    case fix(Finding)
    /// Try a request that a finding is about.
    case traceFinding(Finding)
    case loadFile(String)
    case openEditor(file: String, line: Int)
    case copy(String)
    case setTheme(String)
    case save(name: String, text: String)
    case reload
    case setTraffic(Bool)
    case setGlyphs(ascii: Bool)
    case setMouse(Bool)
    /// Seconds between two looks at what was counted.
    case setInterval(Double)
    case showVersion
    /// Look at the revision so many steps on or back, at the newest for `nil`.
    case travel(Int?)
    case travelTo(Int)
    /// Say what changed for requests since a revision, `nil`: since the one before.
    case difference(since: Int?)
    /// Look for a text in all manifests.
    case grep(String)
    /// Add a test to the file of tests in the current folder.
    case keep(test: String)
}
