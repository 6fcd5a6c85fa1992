import TerminalUI
import TestSupport
import Testing

@testable import MeshtopUI

@Suite("screens") struct ScreenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let screen: ScreenID
        let size: Size
        let glyphs: Glyphs
        var name: String {
            "\(screen.rawValue)-\(size.width)x\(size.height)" + (glyphs.isASCII ? "-ascii" : "")
        }
        var testDescription: String { name }
    }

    static let cases: [Case] = ScreenID.allCases.flatMap { screen in
        [
            Case(screen: screen, size: Size(120, 36), glyphs: .unicode),
            Case(screen: screen, size: Size(80, 24), glyphs: .unicode),
        ]
            + [Case(screen: screen, size: Size(80, 24), glyphs: .ascii)]
    }

    @Test("each screen looks as it should, text and roles", arguments: cases)
    func golden(_ item: Case) {
        var model = SampleView.model(item.size.width, item.size.height, glyphs: item.glyphs)
        _ = model.open(item.screen)
        let surface = SampleView.surface(model)
        expectGolden(surface.plainText + "\n", item.name + ".txt")
        expectGolden(surface.styleMap + "\n", item.name + ".roles.txt")
    }

    @Test("ASCII mode shows nothing but ASCII", arguments: ScreenID.allCases)
    func ascii(_ screen: ScreenID) {
        for size in [Size(120, 36), Size(80, 24), Size(50, 12)] {
            var model = SampleView.model(size.width, size.height, glyphs: .ascii)
            var view = SampleView.view
            view.isAnalysing = true
            view.findings = []
            _ = model.update(.mesh(view))
            _ = model.open(screen)
            model.say("trying …")
            let foreign = SampleView.surface(model).cells.filter {
                !$0.character.isASCII && $0.character != "主" && $0.character != "机"
            }
            #expect(foreign.isEmpty, "\(foreign.map(\.character))")
        }
    }
}
