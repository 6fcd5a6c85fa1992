import Synchronization
import NCursesTerminal
import ArgumentParser
import Documents
import Glibc
import MeshtopUI
import TerminalUI

/// What the model wants done.
extension RunLoop {
    func perform(_ effects: [Effect]) {
        for effect in effects { perform(effect) }
    }

    func perform(_ effect: Effect) {
        let (session, inbox) = (session, inbox)
        switch effect {
        case .quit: isEnding = true
        case .suspend:
            if terminal.suspend(group: true) {
                isEnding = true
                endSignal = SIGTERM
            }
            isStale = true
        case .repaint: terminal.repaint()
        case .selectProxy(let name):
            Task {
                do {
                    inbox.post(.mesh(try await session.select(name)))
                } catch {
                    inbox.post(.notice("\(error)".firstLine, isError: true))
                }
            }
        case .simulate(let line, let send, let want, let count, let occasion):
            Task {
                var simulation = await session.simulate(line, send: send, want: want, count: count)
                simulation.occasion = occasion
                inbox.post(.simulated(simulation))
            }
        case .example(let lines):
            Task {
                if let simulation = await session.example(lines) { inbox.post(.simulated(simulation)) }
            }
        case .callers(let line): Task { inbox.post(.callers(await session.callers(line))) }
        case .copyWitness(let table, let host, let position):
            Task {
                let found = await session.witness(table: table, host: host, position: position)
                inbox.post(found.line.map { .copied($0) } ?? .notice(found.problem ?? "", isError: true))
            }
        case .findWitnesses: Task { inbox.post(.witnesses(await session.reasons.witnesses(seconds: 2))) }
        case .findCauses(let kind, let line, let flags):
            Task { inbox.post(.causes(kind: kind, lines: await session.reasons.causes(of: line, flags: flags))) }
        case .fix(let finding): Task { inbox.post(.fixed(await session.reasons.fix(finding))) }
        case .traceFinding(let finding):
            Task {
                let simulation = await session.reasons.request(about: finding)
                inbox.post(
                    simulation.map { .simulated($0) } ?? .notice("no request has to do with it", isError: false))
            }
        case .loadFile(let path):
            Task {
                inbox.post(.file(path, await session.lines(of: path)))
            }
        case .openEditor(let file, let line): edit(file, line)
        case .copy(let text):
            terminal.copy(text)
            let first = text.firstLine
            perform(model.update(.notice("copied: \(first)\(text.count > first.count ? " …" : "")", isError: false)))
        case .setTheme(let name):
            let reading = ThemeFiles.theme(name, in: settings.catalog)
            if let warning = reading.warnings.first {
                perform(model.update(.notice(warning, isError: true)))
            } else {
                theme = reading.theme
                perform(model.update(.theme(name)))
            }
        case .save(let name, let text): save(text, name)
        case .reload: Task { inbox.post(.mesh(await session.reload())) }
        case .setTraffic(let isOn):
            Task {
                await session.setTraffic(isOn)
                inbox.post(.mesh(await session.view()))
            }
        case .setMouse(let isOn):
            terminal.setMouse(isOn)
            perform(
                model.update(.notice(isOn ? "the mouse is meshtop's" : "the mouse is the terminal's", isError: false)))
        case .setInterval(let seconds):
            interval.withLock { $0 = seconds }
            perform(model.update(.notice("every \(seconds) s", isError: false)))
        case .showVersion:
            perform(model.update(.notice("meshtop \(Meshtop.configuration.version)", isError: false)))
        case .travel(let step): travel { await $0.travel(step) }
        case .travelTo(let number): travel { await $0.travel(to: number) }
        case .difference(let number):
            Task {
                let found = await session.difference(since: number)
                inbox.post(
                    found.map { .difference(title: $0.title, lines: $0.lines) }
                        ?? .notice("there is no earlier revision: change a manifest first", isError: false))
            }
        case .grep(let text): Task { inbox.post(.grepped(text, await session.grep(text))) }
        case .keep(let test): keep(test)
        case .setGlyphs(let ascii): perform(model.update(.glyphs(ascii ? .ascii : .unicode)))
        }
    }

    /// Looks at another revision, where there is one.
    func travel(_ there: @escaping @Sendable (MeshSession) async -> MeshView?) {
        let (session, inbox) = (session, inbox)
        Task {
            let view = await there(session)
            inbox.post(view.map { .mesh($0) } ?? .notice("there is no such revision; = is now", isError: false))
        }
    }

    /// Writes a screen into a new file of the current folder.
    func save(_ text: String, _ name: String) {
        do {
            try WholeFile.write(text + "\n", to: name)
            perform(model.update(.notice("saved as \(name)", isError: false)))
        } catch {
            perform(model.update(.notice("\(error)".firstLine, isError: true)))
        }
    }

    /// Adds a test to the file of tests in the current folder.
    func keep(_ test: String) {
        let name = "meshtop-tests.yaml"
        let before = TextFile.read(name, limit: 1 << 22) ?? ""
        let isFile = before.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("tests:") }
        let start = isFile ? before : before + "# meshtop test -f MANIFESTS \(name)\ntests:\n"
        do {
            try WholeFile.write(start + (start.hasSuffix("\n") ? "" : "\n") + test, to: name)
            perform(model.update(.notice("kept in \(name): meshtop test runs it", isError: false)))
        } catch {
            perform(model.update(.notice("\(error)".firstLine, isError: true)))
        }
    }

    func edit(_ file: String, _ line: Int) {
        // An editor that nobody asked for is a trap for whoever does not know how to leave it.
        guard let command = Environment["VISUAL"] ?? Environment["EDITOR"] else {
            let place = "\(file):\(line)".sanitizedForTerminal
            return perform(model.update(.notice("set $EDITOR to open \(place) from here", isError: true)))
        }
        var words = command.split(separator: " ").map(String.init)
        let name = words.first?.split(separator: "/").last.map(String.init) ?? command
        if ["code", "codium", "cursor", "zed", "subl", "hx"].contains(name) {
            if name == "code" || name == "codium" { words.append("-g") }
            words.append("\(file):\(line)")
        } else {
            words += ["+\(line)", file]
        }
        let status = terminal.lend { ChildProcess.run(words) }
        if status != 0 { perform(model.update(.notice("\(name) ended with \(status)", isError: true))) }
        isStale = true
    }
}

/// A value that several tasks look at.
final class SharedValue<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result { value.withLock { body(&$0) } }
}

extension String {
    fileprivate var firstLine: String { split(whereSeparator: \.isNewline).first.map(String.init) ?? "" }
}

/// Another program in this terminal.
enum ChildProcess {
    /// Runs a command to its end; returns its exit status, 127 when it cannot be started.
    static func run(_ words: [String]) -> Int32 {
        guard let program = words.first else { return 127 }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        guard posix_spawnp(&child, program, nil, &attributes, &arguments, environ) == 0 else { return 127 }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { if errno != EINTR { return 127 } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    }
}
