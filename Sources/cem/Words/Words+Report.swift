import CEMDomain

extension Words {
  /// A phrase with values in their places: `{day}` in the wording stands for the value of that name.
  static func say(_ english: String, _ values: KeyValuePairs<String, String>) -> String {
    var text = ""
    var rest = say(english)[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      text += rest[..<open] + (values.first { $0.key == name }?.value ?? "{\(name)}")
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }

  /// What a figure is called in a report.
  static func figure(_ id: String) -> String {
    let parts = id.split(separator: ".", maxSplits: 1).map(String.init)
    switch (parts[0], parts.count > 1 ? parts[1] : "") {
    case ("gapsByLink", let link) where !link.isEmpty, ("totalGapsByLink", let link):
      return say("open gaps") + ": " + (Catalog.label("GapLink", link, in: language) ?? link)
    case ("initiatives", let status) where !status.isEmpty, ("totalInitiatives", let status):
      return say("initiatives") + ": "
        + (Catalog.label("InitiativeLife.Status", status, in: language) ?? status)
    case ("departmentsAtLevel", let level):
      return say("departments at level {level}", ["level": level])
    default:
      return figurePhrases[id].map { say($0) } ?? fieldTitle(id)
    }
  }

  private static let figurePhrases = [
    "departments": "departments", "lowestLevel": "lowest level", "medianLevel": "median level",
    "notAssessed": "not assessed", "unsupportedDepartments": "levels without support",
    "readyDepartments": "ready to advance", "totalOpenGaps": "open gaps",
    "departmentsWithOpenGaps": "departments with open gaps",
    "initiativesUnderWay": "initiatives under way", "programLevel": "level of the program",
    "initiativesByColour": "initiatives by colour", "overdueInitiatives": "initiatives overdue",
    "standardResults": "Service standards",
    "momentsAtRisk": "moments of truth at risk", "pilotReturns": "Pilots and their return",
    "deliveryGaps": "Delivery gap", "budgetsUnderWay": "Budgets under way",
    "brandElements": "Elements of the brand",
    "convertedTotals": "all in the program's currency", "totalApprovals": "Approvals",
    "approvals.independent": "independently approved",
    "approvals.notIndependent": "not independently approved",
    "restated": "Restated since its close",
  ]

  /// A line a phrase of reports: English, then Ukrainian, Russian and Chinese.
  static let reportTable = """
    Customer experience report | Звіт про досвід клієнтів | Отчёт о клиентском опыте | 客户体验报告
    As of {day} | Станом на {day} | По состоянию на {day} | 截至 {day}
    {period}: {first} to {last}, by business date | {period}: з {first} до {last}, за датою події | {period}: с {first} по {last}, по дате события | {period}：{first} 至 {last}，按业务日期
    {period}: {first} to {last}, by business date, still open | {period}: з {first} до {last}, за датою події, ще триває | {period}: с {first} по {last}, по дате события, ещё идёт | {period}：{first} 至 {last}，按业务日期，尚未结束
    Log position | Позиція в журналі | Позиция в журнале | 日志位置
    recorded | записано | записано | 记录于
    Root | Корінь | Корень | 根哈希
    Contents | Зміст | Содержание | 目录
    At a glance | Коротко | Кратко | 总览
    Departments | Підрозділи | Подразделения | 部门
    Department | Підрозділ | Подразделение | 部门
    Name | Назва | Название | 名称
    Level | Рівень | Уровень | 等级
    To advance | До наступного | До следующего | 晋级所需
    What needs attention | Що потребує уваги | Что требует внимания | 需要关注
    Customer journey | Шлях клієнта | Путь клиента | 客户旅程
    Leaves, stays and peaks count the insights that say so; the share is the largest of customers that one of them says leave. | Скільки йдуть, лишаються і які піки – кількість висновків про це; частка – найбільша з тих, що йдуть, за одним із них. | Сколько уходят, остаются и какие пики – число выводов об этом; доля – наибольшая из уходящих по одному из них. | 离开、留下与峰值为相应洞察的数量；比例为其中一条所述离开客户的最大值。
    Maturity over time | Зрілість у часі | Зрелость во времени | 成熟度变化
    What changed | Що змінилося | Что изменилось | 变化
    Events | Події | События | 事件
    level of the program | рівень програми | уровень программы | 项目等级
    lowest level | найнижчий рівень | низший уровень | 最低等级
    median level | медіанний рівень | медианный уровень | 中位等级
    levels without support | рівнів без підстав | уровней без оснований | 缺乏支撑的等级
    ready to advance | готові до підвищення | готовы к повышению | 可晋级
    initiatives under way | ініціатив у роботі | инициатив в работе | 进行中举措
    initiatives | ініціативи | инициативы | 举措
    Initiatives | Ініціативи | Инициативы | 举措
    departments with open gaps | підрозділи з відкритими розривами | подразделения с открытыми разрывами | 有未关闭差距的部门
    departments at level {level} | підрозділи на рівні {level} | подразделения на уровне {level} | 处于等级 {level} 的部门
    Departments by level | Підрозділи за рівнем | Подразделения по уровням | 各等级部门数
    Departments by level over time | Підрозділи за рівнем у часі | Подразделения по уровням во времени | 各等级部门数的变化
    Open gaps along the chain | Відкриті розриви вздовж ланцюга | Открытые разрывы вдоль цепочки | 差距链上的未关闭差距
    Link | Ланка | Звено | 环节
    all in the program's currency | усе у валюті програми | всё в валюте программы | 全部折算为项目货币
    independently approved | погоджено незалежно | одобрено независимо | 经独立审批
    Open gaps | Відкриті розриви | Открытые разрывы | 未关闭差距
    Initiatives by state | Ініціативи за станом | Инициативы по состоянию | 各状态举措数
    State | Стан | Состояние | 状态
    Budgets under way | Бюджети в роботі | Бюджеты в работе | 进行中预算
    Elements of the brand | Елементи бренду | Элементы бренда | 品牌要素
    Element | Елемент | Элемент | 要素
    Under way | У роботі | В работе | 进行中
    Approvals | Погодження | Одобрения | 审批
    all independently approved | усе погоджено незалежно | всё одобрено независимо | 均经独立审批
    Pilots and their return | Пілоти та їх окупність | Пилоты и их окупаемость | 试点与回报
    Pilots | Пілоти | Пилоты | 试点
    Cost | Витрати | Затраты | 成本
    Benefit | Вигода | Выгода | 收益
    Return | Окупність | Окупаемость | 回报率
    Delivery gap | Розрив сприйняття | Разрыв восприятия | 交付差距
    %1 points | %1 п. п. | %1 п. п. | %1个百分点
    We deliver a superior experience | Ми даємо найкращий досвід | Мы даём превосходный опыт | 我们提供卓越体验
    our people who believe it | наші працівники, які так вважають | наши сотрудники, которые так считают | 认同的员工
    customers who agree | клієнти, які згодні | клиенты, которые согласны | 认同的客户
    Bain's published reference asked firms, ours asks our own people: compare the direction, not the size. | Відоме дослідження Bain питало компанії, а ми питаємо своїх працівників: порівнюйте напрям, а не розмір. | Известное исследование Bain опрашивало компании, а мы – своих сотрудников: сравнивайте направление, а не размер. | 贝恩公开的参考值调查的是企业，我们调查的是自己的员工：请比较方向，不要比较大小。
    Levels without support | Рівні без підстав | Уровни без оснований | 缺乏支撑的等级
    Overdue initiatives | Прострочені ініціативи | Просроченные инициативы | 逾期举措
    Worst gaps | Найгірші розриви | Худшие разрывы | 最严重的差距
    Moments of truth at risk | Моменти істини під загрозою | Моменты истины под угрозой | 有风险的关键时刻
    Agenda | Порядок денний | Повестка | 待办事项
    Why | Причина | Причина | 原因
    Required actions | Потрібні дії | Требуемые действия | 所需行动
    Initiatives under way | Ініціативи в роботі | Инициативы в работе | 进行中举措
    Action | Дія | Действие | 行动
    Waiver | Виняток | Исключение | 豁免
    Change | Зміна | Изменение | 变更
    Changes of level | Зміни рівня | Изменения уровня | 等级变更
    Latest changes of level | Останні зміни рівня | Последние изменения уровня | 最近的等级变更
    Level over time | Рівень у часі | Уровень во времени | 等级变化
    no department was assessed yet | жоден підрозділ ще не оцінено | ни одно подразделение ещё не оценено | 尚未评估任何部门
    No departments yet. Register one with: cem department register CODE --name TEXT | Підрозділів ще немає. Додайте перший: cem department register CODE --name TEXT | Подразделений ещё нет. Добавьте первое: cem department register CODE --name TEXT | 尚无部门。请登记：cem department register CODE --name TEXT
    {shown} of {all} are shown; all of them: {command} | показано {shown} із {all}; усі: {command} | показано {shown} из {all}; все: {command} | 显示 {all} 项中的 {shown} 项；全部：{command}
    {count} more: {command} | ще {count}: {command} | ещё {count}: {command} | 另有 {count} 项：{command}
    actions of the level done | дій рівня виконано | действий уровня выполнено | 本级行动完成数
    since | від | с | 自
    lead | керівник | руководитель | 主管
    Where the figures come from: positions in the log | Звідки показники: позиції в журналі | Откуда показатели: позиции в журнале | 数据来源：日志位置
    The log begins later: all of its {events} events are new. | Журнал починається пізніше: усі його події ({events}) нові. | Журнал начинается позже: все его события ({events}) новые. | 日志始于该时刻之后：全部 {events} 个事件均为新增。
    Nothing changed. | Нічого не змінилося. | Ничего не изменилось. | 没有变化。
    Events: {events}. New: {new}, changed: {changed}, voided: {voided}. | Подій: {events}. Нових: {new}, змінених: {changed}, анульованих: {voided}. | Событий: {events}. Новых: {new}, изменённых: {changed}, аннулированных: {voided}. | 事件：{events}。新增：{new}，变更：{changed}，作废：{voided}。
    What changed after {day}, by business date | Що змінилося після {day}, за датою події | Что изменилось после {day}, по дате события | {day} 之后的变化（按业务日期）
    What changed since {moment} | Що змінилося від {moment} | Что изменилось с {moment} | 自 {moment} 以来的变化
    position {position} | позиції {position} | позиции {position} | 位置 {position}
    no department | без підрозділу | без подразделения | 无部门
    new | нове | новое | 新增
    changed | змінено | изменено | 变更
    voided | анульовано | аннулировано | 已作废
    restored | відновлено | восстановлено | 已恢复
    assessed | оцінено | оценён | 评估
    regressed | знижено | понижен | 降级
    advanced | підвищено | повышен | 晋级
    inherited | успадковано | унаследован | 继承
    to assess | слід оцінити | нужна оценка | 待评估
    assessed on {day} | оцінено {day} | оценено {day} | 评估于 {day}
    assessor | оцінювач | оценщик | 评估人
    corrected | виправлено | исправлен | 更正
    Position | Позиція | Позиция | 位置
    Closed | Закрито | Закрыт | 已关闭
    Date | Дата | Дата | 日期
    Thing | Об’єкт | Объект | 对象
    What | Що | Что | 事项
    Recorded by | Хто записав | Кто записал | 记录人
    The events from which the figures of this report follow. | Події, з яких випливають показники цього звіту. | События, из которых следуют показатели этого отчёта. | 本报告数据所依据的事件。
    Every figure follows from the events of the log up to position {position}, judged by {day}. | Кожен показник випливає з подій журналу до позиції {position}, станом на {day}. | Каждый показатель следует из событий журнала до позиции {position}, по состоянию на {day}. | 每个数据均由日志中截至位置 {position} 的事件得出，按 {day} 判断。
    Check the log: | Перевірте журнал: | Проверьте журнал: | 校验日志：
    Make this report again: | Створіть цей звіт знову: | Создайте этот отчёт снова: | 重新生成本报告：
    {file}: the program as of {day}, position {position} (SHA-256 {hash}) | {file}: програма станом на {day}, позиція {position} (SHA-256 {hash}) | {file}: программа по состоянию на {day}, позиция {position} (SHA-256 {hash}) | {file}：截至 {day} 的项目，位置 {position}（SHA-256 {hash}）
    {file}: {department} as of {day}, position {position} (SHA-256 {hash}) | {file}: {department} станом на {day}, позиція {position} (SHA-256 {hash}) | {file}: {department} по состоянию на {day}, позиция {position} (SHA-256 {hash}) | {file}：截至 {day} 的 {department}，位置 {position}（SHA-256 {hash}）
    In the program: | У програмі: | В программе: | 项目整体：
    retired on {day} | виведено {day} | выведено {day} | 停用于 {day}
    Insights recorded | Записані інсайти | Записанные инсайты | 已记录的洞察
    Service standards | Стандарти обслуговування | Стандарты обслуживания | 服务标准
    Standards missed | Порушені стандарти | Нарушенные стандарты | 未达标的标准
    Shortfall | Недовиконання | Недовыполнение | 差额
    Trend | Тенденція | Тенденция | 趋势
    became better | стало краще | стало лучше | 变好
    became worse | стало гірше | стало хуже | 变差
    stayed the same | без змін | без изменений | 不变
    Kept: {met}, missed: {missed}, not judged: {unknown}. | Дотримано: {met}, порушено: {missed}, не оцінено: {unknown}. | Соблюдено: {met}, нарушено: {missed}, не оценено: {unknown}. | 达标：{met}，未达标：{missed}，无法判断：{unknown}。
    Against the period before: better {better}, worse {worse}, the same {same}. | Проти попереднього періоду: краще {better}, гірше {worse}, так само {same}. | Против предыдущего периода: лучше {better}, хуже {worse}, так же {same}. | 与之前的期间相比：变好 {better}，变差 {worse}，不变 {same}。
    {count} events: {command} | подій: {count}, усі: {command} | событий: {count}, все: {command} | {count} 个事件：{command}
    initiatives red / amber | ініціатив червоних / жовтих | инициатив красных / жёлтых | 红 / 黄举措
    initiatives overdue | прострочених ініціатив | просроченных инициатив | 逾期举措
    initiatives by colour | ініціативи за кольором | инициативы по цвету | 各颜色举措数
    standards missed | порушених стандартів | нарушенных стандартов | 未达标标准
    Initiatives red, amber or overdue | Ініціативи червоні, жовті чи прострочені | Инициативы красные, жёлтые или просроченные | 红色、黄色或逾期的举措
    What needs a decision | Що потребує рішення | Что требует решения | 需要决策
    What moved | Що зрушилося | Что сдвинулось | 变动
    Which | Які | Какие | 哪些
    Count | Кількість | Количество | 数量
    Gaps recorded | Записано розривів | Записано разрывов | 新记录的差距
    Gaps closed | Закрито розривів | Закрыто разрывов | 已关闭的差距
    Gaps accepted | Прийнято розривів | Принято разрывов | 已接受的差距
    Gaps reopened | Знову відкрито розривів | Снова открыто разрывов | 重新打开的差距
    Initiatives opened | Відкрито ініціатив | Открыто инициатив | 新立项的举措
    Initiatives completed | Завершено ініціатив | Завершено инициатив | 已完成的举措
    Initiatives cancelled | Скасовано ініціатив | Отменено инициатив | 已取消的举措
    recorded at position {position} ({database}) | записано в позиції {position} ({database}) | записано в позиции {position} ({database}) | 已记录于位置 {position}（{database}）
    recorded before at position {position} ({database}) | записано раніше в позиції {position} ({database}) | записано раньше в позиции {position} ({database}) | 此前已记录于位置 {position}（{database}）
    Before | Було | Было | 之前
    After | Стало | Стало | 之后
    Positions | Позиції | Позиции | 位置
    Figure | Показник | Показатель | 数据项
    Figures | Показники | Показатели | 数据
    """
}
