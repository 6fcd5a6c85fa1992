import TestSupport
import Testing

@testable import TerminalUI

@Suite("input") struct InputTests {
    private func decode(_ text: String, flush: Bool = true) -> [TerminalEvent] {
        var decoder = InputDecoder()
        var events = decoder.decode(Array(text.utf8))
        if flush { events += decoder.flush() }
        return events
    }

    private func keys(_ events: [TerminalEvent]) -> [String] {
        events.compactMap { if case .key(let key) = $0 { key.description } else { nil } }
    }

    @Test(
        "key sequences of common terminals",
        arguments: [
            ("j", "j"), ("\u{1B}", "esc"), ("\r", "enter"), ("\t", "tab"), ("\u{7F}", "backspace"),
            ("\u{8}", "backspace"),
            ("\u{1}", "ctrl-a"), ("\u{1A}", "ctrl-z"), ("\u{1C}", "ctrl-\\"), ("\u{0}", "ctrl-space"),
            ("\u{1B}[A", "up"), ("\u{1B}OA", "up"), ("\u{1B}[1;2D", "shift-left"), ("\u{1B}[1;5C", "ctrl-right"),
            ("\u{1B}[5~", "pgup"), ("\u{1B}[3;5~", "ctrl-del"), ("\u{1B}[Z", "shift-tab"), ("\u{1B}OP", "F1"),
            ("\u{1B}[24~", "F12"), ("\u{1B}[[A", "F1"), ("\u{1B}x", "alt-x"), ("\u{1B}\u{7F}", "alt-backspace"),
            ("é", "é"), ("主", "主"), ("\u{1B}[H", "home"), ("\u{1B}[4~", "end"),
        ])
    func key(_ bytes: String, _ name: String) {
        #expect(keys(decode(bytes)) == [name])
        #expect(Key(name)?.description == name)
    }

    @Test("a paste is one event with all it holds, however the bytes are cut")
    func paste() {
        let text = "curl \\\n -H 'a: \u{1B}[31mb' http://x/é\n"
        let bytes = Array(("a\u{1B}[200~" + text + "\u{1B}[201~b").utf8)
        for cut in [1, 2, 3, 7] {
            var decoder = InputDecoder()
            var events: [TerminalEvent] = []
            for start in stride(from: 0, to: bytes.count, by: cut) {
                events += decoder.decode(bytes[start..<min(start + cut, bytes.count)])
            }
            #expect(events == [.key(Key(.character("a"))), .paste(text), .key(Key(.character("b")))])
        }
    }

    @Test("a paste without end costs no more than its limit")
    func endless() {
        var decoder = InputDecoder()
        _ = decoder.decode(Array("\u{1B}[200~".utf8))
        for _ in 0..<40 { _ = decoder.decode(Array(repeating: UInt8(ascii: "x"), count: 1 << 16)) }
        let events = decoder.decode(Array("\u{1B}[201~".utf8))
        guard case .paste(let text)? = events.first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count <= InputDecoder.pasteLimit)
    }

    @Test("mouse reports: press, release, wheel, drag; nonsense is dropped")
    func mouse() {
        #expect(decode("\u{1B}[<0;10;5M") == [.mouse(MouseEvent(.press, .left, at: Point(9, 4)))])
        #expect(decode("\u{1B}[<2;1;1m") == [.mouse(MouseEvent(.release, .right, at: Point(0, 0)))])
        #expect(decode("\u{1B}[<65;3;4M") == [.mouse(MouseEvent(.wheelDown, .none, at: Point(2, 3)))])
        #expect(decode("\u{1B}[<32;3;4M") == [.mouse(MouseEvent(.drag, .left, at: Point(2, 3)))])
        #expect(decode("\u{1B}[<;;\u{1B}[<1M").isEmpty)
    }

    @Test("answers of the terminal and unknown sequences are no keys")
    func dropped() {
        #expect(
            decode("\u{1B}]11;rgb:0000/0000/0000\u{7}\u{1B}P1$r0m\u{1B}\\\u{1B}[?1;2c\u{1B}[I\u{1B}[999;999R").isEmpty)
    }

    @Test("random bytes never break the decoder, and it finds back to plain keys", arguments: [11, 12, 13] as [UInt64])
    func random(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            var decoder = InputDecoder()
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ -> UInt8 in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : Array("\u{1B}[<;0123~MO200m".utf8).randomElement(using: &random) ?? 0
            }
            _ = decoder.decode(bytes)
            _ = decoder.flush()
            _ = decoder.decode(Array("\u{7}\u{1B}[201~\u{7}".utf8))
            #expect(keys(decoder.decode(Array("q".utf8))) == ["q"], "seed \(seed): \(bytes)")
        }
    }

    @Test("the line editor edits as Emacs and readline do")
    func editor() {
        var editor = LineEditor()
        func press(_ names: String...) { for name in names { if let key = Key(name) { _ = editor.handle(key) } } }
        editor.insert("curl -H a http://x")
        press("ctrl-w")
        #expect(editor.text == "curl -H a http://")
        press("ctrl-a", "alt-f", "ctrl-k")
        #expect(editor.text == "curl")
        press("ctrl-e", "ctrl-y")
        #expect(editor.text == "curl -H a http://")
        press("home", "del", "ctrl-u", "end", "backspace")
        #expect(editor.text == "url -H a http:/")
        _ = editor.commit()
        editor.insert("draft")
        press("up")
        #expect(editor.text == "url -H a http:/")
        press("down")
        #expect(editor.text == "draft")
    }

    @Test("the window of a long line always shows the cursor", arguments: [2, 5, 20])
    func window(_ width: Int) {
        var editor = LineEditor("主机 abcdefgh 主机 ijklmnop 主机")
        if let left = Key("left") {
            for _ in 0...editor.text.count {
                let (text, cursor) = editor.window(width: width)
                #expect(TextWidth.of(text) <= width)
                #expect(cursor >= 0 && cursor < width)
                _ = editor.handle(left)
            }
        }
    }
}
