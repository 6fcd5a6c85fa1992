import Glibc
import TestSupport
import Testing

/// The program in a real terminal (tmux with a server of its own), as a person uses it.
@Suite(
    .serialized, .enabled(if: Program.path != nil, "the program has not been built"),
    .enabled(if: Tmux.isThere, "tmux is not installed"))
struct TerminalTests {
    @Test("with no arguments: all screens, a pasted curl line, filter, sizes, quitting; the terminal is as before")
    func walk() throws {
        let tmux = try Tmux(width: 120, height: 36)
        defer { tmux.end() }
        tmux.start(arguments: "")
        try tmux.wait(for: "Busiest routes")
        try tmux.wait(for: "LIVE")
        let marks = [
            ("2", "Route: http.8080"), ("3", "evaluation order"), ("4", "SERVICE FQDN"), ("5", "WORKLOAD"),
            ("6", "Distribution"), ("8", "follow: on"), ("9", "Problems"), ("0", "API VERSION"), ("1", "Signals"),
        ]
        for (key, text) in marks {
            tmux.press(key)
            try tmux.wait(for: text)
        }
        // Sample traffic flows: the tap fills by itself.
        tmux.press("8")
        try tmux.wait(for: "example.com")
        // A curl line is pasted anywhere, runs on enter, and says why not.
        tmux.paste("curl -i http://203.0.113.10/headers -H 'Host: httpbin.example.com'")
        try tmux.wait(for: "Request")
        tmux.press("Enter")
        try tmux.wait(for: "404 Not Found")
        try tmux.wait(for: "route_not_found")
        try tmux.wait(for: "httpbin.yaml:")
        tmux.press("S")
        try tmux.wait(for: "as predicted")
        // Filter, drill down, and back.
        tmux.press("3", "/")
        tmux.type("cart")
        try tmux.wait(for: "1 of ")
        tmux.press("Enter", "Enter")
        try tmux.wait(for: "cart.shop.svc.cluster.local")
        tmux.press("Enter")
        try tmux.wait(for: "Endpoints")
        tmux.press("Escape")
        // Sizes.
        tmux.resize(80, 24)
        try tmux.wait(for: "2 Lis")
        tmux.resize(120, 36)
        try tmux.wait(for: "2 Listeners")
        tmux.press("?")
        try tmux.wait(for: "Keys of")
        tmux.press("Escape")
        try tmux.waitUntilGone("Keys of")
        tmux.press("Q")
        try tmux.wait(for: "ended with 0")
        #expect(tmux.value("#{alternate_on}#{mouse_any_flag}#{cursor_flag}") == "001")
        #expect(tmux.flagsAreRestored)
    }

    @Test("reasons are a key away: the example, a patch for a problem, the cause of a bad request, a hidden route")
    func reasons() throws {
        let folder = try TemporaryFolder()
        for name in try names(in: packageRoot + "/Samples/demo") {
            _ = try folder.write(try readText(packageRoot + "/Samples/demo/" + name), to: name)
        }
        let shop = try readText(folder.path + "/shop.yaml")
        // A route that the one above it takes everything from.
        let hidden =
            "  - name: hidden\n    match:\n    - uri:\n        prefix: /cart/old\n    route:\n    - destination:\n        host: cart\n"
        let next = "  - name: catalog\n    match:"
        _ = try folder.write(shop.replacing(next, with: hidden + next), to: "shop.yaml")
        let tmux = try Tmux(width: 120, height: 36)
        defer { tmux.end() }
        tmux.start(arguments: folder.path + " --traffic")
        // The overview's first line is the path of a request.
        try tmux.wait(for: "→ 200")
        tmux.press("7")
        try tmux.wait(for: "an example")
        tmux.press("L")
        try tmux.wait(for: "answers")
        tmux.press("3")
        try tmux.wait(for: "never")
        tmux.press("9")
        try tmux.wait(for: "IST0101")
        tmux.press("/")
        tmux.type("IST0101")
        tmux.press("Enter", "x")
        try tmux.wait(for: "this one is gone")
        try tmux.wait(for: "+        subset: v")
        tmux.press("Escape")
        try tmux.waitUntilGone("this one is gone")
        tmux.press("t")
        try tmux.wait(for: "flags NC")
        tmux.press("8", "/")
        tmux.type("~flag NC")
        tmux.press("Enter")
        try tmux.wait(for: "503 NC")
        tmux.press("p")
        try tmux.wait(for: "no DestinationRule defines the subset")
        tmux.press("C-c")
        try tmux.wait(for: "ended with 0")
    }

    @Test("a change is told in requests, and the revision before it can be looked at")
    func revisions() throws {
        let folder = try TemporaryFolder()
        for name in try names(in: packageRoot + "/Samples/httpbin") {
            _ = try folder.write(try readText(packageRoot + "/Samples/httpbin/" + name), to: name)
        }
        let tmux = try Tmux(width: 120, height: 36)
        defer { tmux.end() }
        tmux.start(arguments: folder.path)
        try tmux.wait(for: "Busiest routes")
        tmux.press("3")
        try tmux.wait(for: "/status*")
        tmux.press("D")
        try tmux.wait(for: "no earlier revision")
        let service = try readText(folder.path + "/httpbin-vs.yaml")
        _ = try folder.write(service.replacing("/status", with: "/renamed"), to: "httpbin-vs.yaml")
        try tmux.wait(for: "/renamed*")
        tmux.press("D")
        try tmux.wait(for: "revision 1 to 2")
        try tmux.wait(for: "route_not_found")
        tmux.press("Escape")
        try tmux.waitUntilGone("revision 1 to 2")
        tmux.press("{")
        try tmux.wait(for: "rev 1 of 2")
        try tmux.wait(for: "/status*")
        tmux.press("=")
        try tmux.wait(for: "/renamed*")
        try tmux.waitUntilGone("rev 1 of 2")
        tmux.press("C-c")
        try tmux.wait(for: "ended with 0")
    }

    @Test("a changed manifest is on the screen without a key, a broken one keeps what was good")
    func reload() throws {
        let folder = try TemporaryFolder()
        for name in try names(in: packageRoot + "/Samples/httpbin") {
            _ = try folder.write(try readText(packageRoot + "/Samples/httpbin/" + name), to: name)
        }
        let tmux = try Tmux(width: 120, height: 36)
        defer { tmux.end() }
        tmux.start(arguments: folder.path)
        try tmux.wait(for: "Busiest routes")
        tmux.press("3")
        try tmux.wait(for: "/status*")
        let service = try readText(packageRoot + "/Samples/httpbin/httpbin-vs.yaml")
        _ = try folder.write(service.replacing("/status", with: "/renamed"), to: "httpbin-vs.yaml")
        try tmux.wait(for: "/renamed*")
        _ = try folder.write("a: [", to: "httpbin-vs.yaml")
        tmux.press("9")
        try tmux.wait(for: "httpbin-vs.yaml:")
        tmux.press("3")
        try tmux.wait(for: "/renamed*")
        tmux.press("C-c")
        try tmux.wait(for: "ended with 0")
        #expect(tmux.flagsAreRestored)
    }

    @Test("SIGTERM gives the terminal back", arguments: [SIGTERM, SIGINT, SIGHUP])
    func signals(_ signal: Int32) throws {
        let tmux = try Tmux(width: 100, height: 30)
        defer { tmux.end() }
        tmux.start(arguments: "--no-proxy")
        try tmux.wait(for: "Busiest routes")
        tmux.signal(signal)
        try tmux.wait(for: "ended with \(128 + signal)")
        #expect(tmux.value("#{alternate_on}#{mouse_any_flag}#{cursor_flag}") == "001")
        #expect(tmux.flagsAreRestored)
    }

    @Test("every screen is rendered without a terminal, at both sizes, in ASCII too")
    func render() throws {
        let program = try #require(Program.path)
        let screens = [
            "overview", "listeners", "routes", "clusters", "endpoints", "lb", "simulator", "tap", "problems", "store",
        ]
        for screen in screens {
            for size in ["120x36", "80x24"] {
                let result = try spawn([program, "render", "--screen", screen, "--size", size, "--ascii"])
                #expect(result.status == 0, "\(screen): \(result.errors)")
                let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                #expect(
                    "\(lines.map(\.count).max() ?? 0 <= (size == "80x24" ? 80 : 120))x\(lines.count)" == "truex"
                        + size.suffix(2))
                #expect(result.output.utf8.allSatisfy { $0 < 0x7F }, "\(screen)")
            }
        }
    }

    @Test("no terminal, no TERM: an error in words and status 2")
    func refused() throws {
        let program = try #require(Program.path)
        let result = try spawn([program])
        #expect(result.status == 2)
        #expect(result.errors.contains("not a terminal"))
    }
}
