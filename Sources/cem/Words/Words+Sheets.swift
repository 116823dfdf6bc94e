extension Words {
  /// A line a phrase of sheets: English, then Ukrainian, Russian and Chinese.
  static let sheetTable = """
    Gaps | Розриви | Разрывы | 差距
    Maturity actions | Дії зрілості | Действия зрелости | 成熟度行动
    New gaps | Нові розриви | Новые разрывы | 新差距
    New initiatives | Нові ініціативи | Новые инициативы | 新举措
    Guide | Пояснення | Пояснение | 说明
    Ref | № | № | 编号
    Title | Назва | Название | 标题
    Severity | Вага | Тяжесть | 严重度
    Expected | Очікувано | Ожидается | 期望值
    Perceived before | Було сприйнято | Было воспринято | 此前感知值
    Perceived now | Сприйнято тепер | Воспринято теперь | 现感知值
    Perceived | Сприйнято | Воспринято | 感知值
    Unit | Одиниця | Единица | 单位
    Measured on | Виміряно | Измерено | 测量日期
    Closed by | Чим закрито | Чем закрыто | 关闭办法
    Why not met | Чому не досягнуто | Почему не достигнуто | 未达原因
    Owner | Власник | Владелец | 负责人
    Due | Термін | Срок | 截止
    Reason for the change | Причина зміни | Причина изменения | 变更原因
    Step | Крок | Шаг | 步骤
    Colour before | Був колір | Был цвет | 此前颜色
    Colour now | Колір тепер | Цвет теперь | 现颜色
    Note | Нотатка | Заметка | 备注
    Completed | Завершено | Завершено | 已完成
    Measured outcome | Виміряний результат | Измеренный результат | 实测结果
    Evidence | Доказ | Доказательство | 证据
    Done on | Коли виконано | Когда выполнено | 完成日期
    Expires | Чинний до | Действует до | 有效期至
    No. | № рядка | № строки | 序号
    Lower is better | Менше – краще | Меньше – лучше | 越低越好
    Start | Початок | Начало | 开始
    Platform | Платформа | Платформа | 平台
    Why without a platform | Чому без платформи | Почему без платформы | 无平台的原因
    Choose one of the list. | Оберіть зі списку. | Выберите из списка. | 请从列表中选择。
    Fill in the yellow cells only; all others tell you what is known. | Заповнюйте лише жовті клітинки; решта показує, що відомо. | Заполняйте только жёлтые ячейки; остальные показывают, что известно. | 只填写黄色单元格；其余显示已知内容。
    An empty yellow cell changes nothing. An owner or a date that you take away is taken away. | Порожня жовта клітинка нічого не змінює. Прибраний власник чи термін буде прибрано. | Пустая жёлтая ячейка ничего не меняет. Убранный владелец или срок будет убран. | 空的黄色单元格不作任何更改。删去的负责人或日期将被删去。
    A change of owner or due date needs a reason. | Зміна власника чи терміну потребує причини. | Изменение владельца или срока требует причины. | 更改负责人或截止日期须写明原因。
    New gaps and initiatives have sheets of their own. | Нові розриви та ініціативи мають власні аркуші. | Новые разрывы и инициативы имеют свои листы. | 新差距与新举措各有工作表。
    Send the file back when you are done. Each row is done or refused, with its reason. | Надішліть файл назад, коли закінчите. Кожен рядок буде виконано або відхилено з причиною. | Пришлите файл обратно, когда закончите. Каждая строка будет выполнена или отклонена с причиной. | 完成后请发回文件。每行或执行，或说明原因后拒绝。
    {file}: the open work of {department} at position {position} | {file}: відкрита робота підрозділу {department} на позиції {position} | {file}: открытая работа подразделения {department} на позиции {position} | {file}：{department} 在位置 {position} 的未完工作
    take it back with: {command} | прийняти назад: {command} | принять обратно: {command} | 收回：{command}
    is a formula without a value: {text} | містить формулу без значення: {text} | содержит формулу без значения: {text} | 为没有值的公式：{text}
    is the error {text} | містить помилку {text} | содержит ошибку {text} | 为错误值 {text}
    must be a date like 2026-06-30, not {text} | має бути датою на зразок 2026-06-30, а не {text} | должна быть датой вида 2026-06-30, а не {text} | 应为 2026-06-30 形式的日期，而不是 {text}
    must be yes or empty, not {text} | має бути «так» або порожньо, а не {text} | должно быть «да» или пусто, а не {text} | 应为“是”或留空，而不是 {text}
    must be one of {known}, not {text} | має бути одним із: {known}, а не {text} | должно быть одним из: {known}, а не {text} | 应为 {known} 之一，而不是 {text}
    nobody is called {text} | нікого не звуть {text} | никого не зовут {text} | 没有人叫 {text}
    {text} is the name of several: {ids} | {text} – ім’я кількох: {ids} | {text} – имя нескольких: {ids} | {text} 是多人的姓名：{ids}
    {title} is locked, it is not changed from here | «{title}» заблоковано, звідси не змінюється | «{title}» заблокировано, отсюда не меняется | “{title}”已锁定，不能由此更改
    is missing | відсутнє | отсутствует | 缺失
    the row has no reference | рядок не має посилання | в строке нет ссылки | 该行没有编号
    {ref} was not given out with this sheet | {ref} не видавали з цим аркушем | {ref} не выдавали с этим листом | {ref} 未随此表发出
    {ref} has two rows | {ref} має два рядки | у {ref} две строки | {ref} 出现两行
    a measured outcome is recorded when the initiative is completed | виміряний результат записують, коли ініціативу завершено | измеренный результат записывают, когда инициатива завершена | 实测结果在举措完成时记录
    note: the sheet {name} is missing | примітка: бракує аркуша {name} | примечание: нет листа {name} | 注意：缺少工作表 {name}
    {unknown}: no such sheet was given out, and {missing} is missing | {unknown}: такого аркуша не видавали, а аркуша {missing} бракує | {unknown}: такого листа не выдавали, а листа {missing} нет | {unknown}：未发出过此工作表，且缺少 {missing}
    nothing was done | нічого не виконано | ничего не выполнено | 未执行任何操作
    rename the sheet back, or take away the one that is not of this workbook | поверніть аркушу назву або приберіть аркуш, якого в цьому файлі не було | верните листу название или уберите лист, которого в этом файле не было | 请将工作表改回原名，或移除不属于此文件的工作表
    nothing was filled in | нічого не заповнено | ничего не заполнено | 未填写任何内容
    {refused} of {all} changes were refused | відхилено змін: {refused} із {all} | отклонено изменений: {refused} из {all} | {all} 项更改中有 {refused} 项被拒绝
    something else in the row was refused | у рядку відхилено інше | в строке отклонено другое | 该行另有内容被拒绝
    the others are done | решту виконано | остальные выполнены | 其余已执行
    correct the cells and take the workbook in again: what is done is left out | виправте клітинки і прийміть файл знову: виконане буде пропущено | исправьте ячейки и примите файл снова: сделанное будет пропущено | 请更正单元格后再次收回：已执行的会略过
    done | виконано | выполнено | 已执行
    would do | буде виконано | будет выполнено | 将执行
    done before | виконано раніше | выполнено раньше | 此前已执行
    nothing to do | немає що робити | нечего делать | 无需操作
    refused | відхилено | отклонено | 被拒绝
    """
}
