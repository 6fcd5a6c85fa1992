import Glibc
import TestSupport
import Testing

/// A tmux server of its own with one window in which a shell runs the program.
final class Tmux {
    private let socket: String
    private let folder: TemporaryFolder

    static var isThere: Bool { (try? spawn(["tmux", "-V"]).status) == 0 }

    init(width: Int, height: Int) throws {
        socket = "meshtop-test-\(getpid())-\(Int.random(in: 0..<1_000_000))"
        folder = try TemporaryFolder()
        let result = try spawn([
            "env", "-u", "TMUX", "TERM=xterm-256color", "LANG=C.UTF-8", "tmux", "-L", socket, "-f", "/dev/null",
            "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "sh",
        ])
        #expect(result.status == 0, "\(result.errors)")
        _ = run("set-option", "-g", "default-terminal", "screen-256color")
    }

    private func run(_ words: String...) -> String {
        (try? spawn(["tmux", "-L", socket] + words))?.output ?? ""
    }

    /// Runs the program and says its exit status and the terminal's flags before and after.
    func start(arguments: String) {
        let path = folder.path
        let line =
            "stty -g > \(path)/before; XDG_CACHE_HOME=\(path) TERM=screen-256color \(Program.path ?? "") \(arguments); "
            + "echo ended with $?; stty -g > \(path)/after; echo $$ > \(path)/shell"
        type(line)
        press("Enter")
    }

    var flagsAreRestored: Bool {
        for _ in 0..<100 {
            if let before = try? readText(folder.path + "/before"), let after = try? readText(folder.path + "/after"),
                !after.isEmpty
            {
                return before == after
            }
            usleep(20_000)
        }
        return false
    }

    func press(_ keys: String...) { for key in keys { _ = run("send-keys", key) } }
    func type(_ text: String) { _ = run("send-keys", "-l", text) }

    func paste(_ text: String) {
        _ = run("set-buffer", text)
        _ = run("paste-buffer", "-p")
    }

    func resize(_ width: Int, _ height: Int) {
        _ = run("resize-window", "-x", "\(width)", "-y", "\(height)")
    }

    /// Sends a signal to the program, the child of the shell in the window.
    func signal(_ number: Int32) {
        let shell = value("#{pane_pid}")
        let child = (try? spawn(["ps", "-o", "pid=", "--ppid", shell]))?.output.filter { $0.isNumber } ?? ""
        if let process = Int32(child) { kill(process, number) }
    }

    func value(_ format: String) -> String {
        let text = run("display-message", "-p", format)
        return String(text.prefix { $0 != "\n" })
    }

    var screen: String { run("capture-pane", "-p") }

    func wait(for text: String) throws {
        for _ in 0..<400 {
            if screen.contains(text) { return }
            usleep(25_000)
        }
        Issue.record("\"\(text)\" did not come:\n\(screen)")
        throw Missing()
    }

    func waitUntilGone(_ text: String) throws {
        for _ in 0..<400 {
            if !screen.contains(text) { return }
            usleep(25_000)
        }
        throw Missing()
    }

    func end() { _ = run("kill-server") }

    private struct Missing: Error {}
}
