import Glibc
import Synchronization
import ArgumentParser
import MeshtopUI
import NCursesTerminal
import TerminalUI

/// Messages from anywhere, taken in batches by the loop on the main actor.
final class Inbox: Sendable {
    let waiting = Mutex<[Message]>([])
    let wakeups: AsyncStream<Void>
    let wake: AsyncStream<Void>.Continuation

    init() { (wakeups, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func post(_ message: Message) {
        waiting.withLock { $0.append(message) }
        wake.yield()
    }

    /// There is something to look at that is no message.
    func nudge() { wake.yield() }

    func take() -> [Message] {
        waiting.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}

/// Feeds the model with what happens, carries out what it wants, and draws it.
@MainActor
final class RunLoop {
    let terminal: NCursesTerminal
    let session: MeshSession
    let settings: UISettings
    let inbox = Inbox()
    var model: AppModel
    var theme: Theme
    var isEnding = false
    var endSignal: Int32 = 0
    var isStale = true
    let embeds: Bool
    /// Seconds between two ticks.
    let interval = SharedValue(1.0)

    init(terminal: NCursesTerminal, session: MeshSession, settings: UISettings, embeds: Bool) {
        self.terminal = terminal
        self.session = session
        self.settings = settings
        self.embeds = embeds
        theme = settings.theme
        model = AppModel(
            size: terminal.size, glyphs: settings.glyphs, theme: settings.themeName, themes: settings.catalog.names)
    }

    /// Runs until the user quits or the terminal is gone, and ends the program: with 0, or as the signal asks.
    ///
    /// It does not wait for the embedded proxy, which has nobody to serve any more, and leaves no object to be taken
    /// apart while its threads still run.
    func run(first view: MeshView, traffic: Bool) async -> Never {
        terminal.events.start { [inbox] in inbox.nudge() }
        perform(model.update(.tick(Tick(clock: Clock.now(), time: Clock.seconds()))))
        perform(model.update(.mesh(view)))
        if let start = settings.startView.flatMap(ScreenID.init(name:)) { perform(model.open(start)) }
        for warning in settings.warnings { perform(model.update(.notice(warning, isError: true))) }
        draw()
        start(traffic: traffic)
        for await _ in inbox.wakeups {
            handleEvents()
            for message in inbox.take() where !isEnding { handle(message) }
            if isEnding { break }
            if isStale { draw() }
        }
        terminal.close()
        Glibc.exit(endSignal == 0 ? 0 : 128 + endSignal)
    }

    func start(traffic: Bool) {
        let (session, inbox, embeds, interval) = (session, inbox, embeds, interval)
        Task {
            if embeds {
                do {
                    inbox.post(.mesh(try await session.serve(traffic: traffic)))
                } catch {
                    inbox.post(.notice("the embedded proxy does not run: \(error)", isError: true))
                }
            }
        }
        Task { await session.follow { inbox.post(.mesh($0)) } }
        Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(interval.withLock { $0 }))
                inbox.post(.tick(await session.tick()))
            }
        }
    }

    func handleEvents() {
        let events = terminal.events.take()
        guard !events.isEmpty else { return }
        for event in events where !isEnding {
            switch event {
            case .resize:
                terminal.repaint()
                handle(.terminal(.resize(terminal.size)))
            case .hangup: isEnding = true
            case .terminate(let signal):
                endSignal = signal
                isEnding = true
            case .resumed:
                terminal.resume()
                handle(.terminal(.resize(terminal.size)))
            default: handle(.terminal(event))
            }
        }
        terminal.events.release()
    }

    func handle(_ message: Message) {
        isStale = true
        perform(model.update(message))
    }

    func draw() {
        // A size that changed since the last event counts already.
        let size = terminal.size
        if size != model.size { perform(model.update(.terminal(.resize(size)))) }
        var surface = Surface(model.size, glyphs: model.glyphs)
        model.draw(on: &surface)
        isStale = !terminal.draw(surface, theme: theme)
        guard isStale else { return }
        // The terminal takes nothing just now.
        let inbox = inbox
        Task {
            try? await Task.sleep(for: .milliseconds(50))
            inbox.nudge()
        }
    }
}
