import TerminalUI

/// What the mouse does.
extension AppModel {
    mutating func handle(_ mouse: MouseEvent) -> [Effect] {
        switch mouse.action {
        case .wheelUp: return wheel(-3)
        case .wheelDown: return wheel(3)
        case .press:
            if mouse.button == .right { return press(Key(.escape)) }
            guard mouse.button == .left else { return [] }
            return click(mouse.position)
        case .drag:
            if let start = dragStart, mouse.position.y != start {
                movePane(mouse.position.y - start)
                dragStart = mouse.position.y
            }
            return []
        case .release:
            dragStart = nil
            return []
        }
    }

    private mutating func wheel(_ rows: Int) -> [Effect] {
        if case .text(var state) = overlay {
            state.view.scroll(by: rows)
            overlay = .text(state)
            return []
        }
        let key = Key(rows < 0 ? .up : .down)
        guard overlay == nil, filterLine == nil, !simulator.isEditing || screen != .simulator else {
            return overlay == nil ? [] : pressInOverlay(key)
        }
        var effects: [Effect] = []
        for _ in 0..<abs(rows) { effects = perform(.move, key) }
        return effects
    }

    private mutating func click(_ point: Point) -> [Effect] {
        var surface = Surface(size, glyphs: glyphs)
        draw(on: &surface)
        guard let target = surface.target(at: point) else { return [] }
        let isDouble = lastClick.map { $0.point == point && time - $0.time < 1.2 } ?? false
        lastClick = (point, time)
        switch target {
        case .key(let name):
            return Key(name).map { press($0) } ?? []
        case .column(_, let title):
            withList { $0.sort(by: title) }
            return []
        case .row(let list, let index):
            if case .menu(var menu) = overlay, list == "menu" {
                menu.selection = index
                overlay = .menu(menu)
                return pressInOverlay(Key(.enter))
            }
            guard overlay == nil else { return [] }
            var wasSelected = false
            withList { list in
                wasSelected = list.selection == index
                list.select(index: index)
            }
            if screen == .overview {
                wasSelected = overview.selection == index
                overview.selection = index
            }
            if isDouble && wasSelected { return press(Key(.enter)) }
            return wantedFiles()
        case .pane(let name):
            if name == "split" { dragStart = point.y }
            if name == "request" { simulator.isEditing = true }
            if name == "history" { simulator.isInHistory = true }
            if name == "trace" { simulator.isInHistory = false }
            return []
        }
    }
}
