extension Catalog {
  /// Every term in four languages: a line with the kind, then a line a term with its id, English,
  /// Ukrainian, Russian and Chinese. Where a source gives the original, it stands here.
  static let labelTable = """
    Level
    0 | non-existent | відсутня | несуществующая система CEM | 不存在
    1 | initial, fragmented | початковий, фрагментарний | начальный, с фрагментированным фокусом | 初始，关注分散
    2 | the customer is heard | думку клієнта чують і цінують | мнение клиента слышат и ценят | 倾听并重视客户意见
    3 | defined, leadership involved | визначений, керівництво залучене | определенность, вовлечение руководства | 已定义，领导参与
    4 | managed | керований | управляемый | 可管理
    5 | optimizing, the culture changes | оптимізація, зміна культури | оптимизация, изменение организационной культуры | 优化，组织文化转变
    LevelStanding.Basis
    baseline | baseline | вихідна оцінка | исходная оценка | 基线
    advanced | advanced | підвищений | повышен | 晋级
    waived | waived | з винятком | с исключением | 豁免
    inherited | inherited | успадкований | унаследован | 继承
    AssessmentMethod
    self | self-assessed | самооцінка | самооценка | 自评
    office | by the office | оцінка офісу | оценка офиса | 项目办评估
    independent | independent | незалежна | независимая | 独立评估
    GapLink
    promise-expectation | promise – expectation | обіцянка – очікування | обещание – ожидание | 品牌沟通活动/客户期望
    expectation-standard | expectation – standard | очікування – стандарт | ожидание – стандарт | 客户期望/服务标准
    standard-training | standard – training | стандарт – навчання | стандарт – обучение | 服务标准/员工培训
    training-execution | training – execution | навчання – виконання | обучение – исполнение | 员工培训/执行力
    execution-reward | execution – reward | виконання – винагорода | исполнение – вознаграждение | 执行力/薪酬奖励管理制度
    undiagnosed | undiagnosed | причину не з’ясовано | причина не выяснена | 未诊断
    ChainPart
    brand-communication | brand communication | комунікація бренду | коммуникация бренда | 品牌沟通活动
    customer-expectation | customer expectation | очікування клієнта | ожидание клиента | 客户期望
    service-standard | service standard | стандарт обслуговування | стандарт обслуживания | 服务标准
    staff-training | staff training | навчання персоналу | обучение персонала | 员工培训
    execution | execution | виконання | исполнение | 执行力
    pay-and-reward | pay and reward system | система оплати й винагород | система оплаты и вознаграждений | 薪酬奖励管理制度
    GapLife.Stage
    open | open | відкритий | открыт | 未关闭
    closed | closed | закритий | закрыт | 已关闭
    accepted | accepted | прийнятий | принят | 已接受
    Step
    experiential-world | experiential world | аналіз емпіричного світу клієнта | анализ мира клиента | 分析客户体验世界
    experiential-platform | experiential platform | побудова емпіричної платформи | построение платформы | 建立体验平台
    brand-experience | brand experience | дизайн бренду | дизайн бренда | 设计品牌体验
    customer-interface | customer interface | розробка клієнтського інтерфейсу | разработка клиентского интерфейса | 建立客户接口
    continuous-innovation | continuous innovation | постійні інновації | постоянные инновации | 持续创新
    BrandElement
    name | name | назва | название | 名称
    logo | logo | логотип | логотип | 标志
    packaging | packaging | пакування | упаковка | 包装
    slogan | slogan | слоган | слоган | 口号
    look-and-feel | look and feel | вигляд і відчуття | облик и ощущение | 外观与感受
    campaign | campaign | кампанія | кампания | 宣传活动
    InitiativeLife.Stage
    open | opened | відкрита | открыта | 已立项
    started | started | розпочата | начата | 已启动
    piloting | piloting | пілот | пилот | 试点中
    concluded | concluded | пілот завершено | пилот завершён | 试点结束
    scaling | scaling | розгортання | развёртывание | 推广中
    completed | completed | завершена | завершена | 已完成
    cancelled | cancelled | скасована | отменена | 已取消
    InitiativeLife.Status
    open | open | відкрита | открыта | 已立项
    started | started | розпочата | начата | 已启动
    piloting | piloting | пілот | пилот | 试点中
    concluded | concluded | пілот завершено | пилот завершён | 试点结束
    scaling | scaling | розгортання | развёртывание | 推广中
    completed | completed | завершена | завершена | 已完成
    onHold | on hold | на паузі | на паузе | 已暂停
    cancelled | cancelled | скасована | отменена | 已取消
    StatusColour
    green | green | зелений | зелёный | 绿
    amber | amber | жовтий | жёлтый | 黄
    red | red | червоний | красный | 红
    Verdict
    scale | scale | розгорнути | развернуть | 推广
    repeat | repeat | повторити | повторить | 重试
    stop | stop | зупинити | остановить | 停止
    BenefitKind
    measured | measured | виміряна | измеренная | 实测
    estimated | estimated | оцінена | оценочная | 估计
    Phase
    expectation | expectation | очікування | ожидание | 期望
    interaction | interaction | взаємодія | взаимодействие | 互动
    reflection | reflection | рефлексія | рефлексия | 反思
    Dimension
    functional | functional | функціональний | функциональное | 功能
    emotional | emotional | емоційний | эмоциональное | 情感
    Attribute
    integrity | integrity | цілісність | целостность | 诚信
    reliability | reliability | надійність | надежность | 可靠
    efficiency | efficiency | ефективність | эффективность | 高效
    convenience | convenience | зручність | удобство | 便利
    ExperienceModule
    sense | sense | відчуття | чувства | 感官
    feel | feel | емоції | эмоции | 情感
    think | think | мислення | мышление | 思考
    act | act | дія | действие | 行动
    relate | relate | зв’язок | соотнесение | 关联
    JourneyStage
    learn | learn | дізнається | узнаёт | 了解
    evaluate | evaluate | оцінює | оценивает | 评估
    enquire | enquire | запитує | спрашивает | 咨询
    buy | buy | купує | покупает | 购买
    use | use | користується | пользуется | 使用
    JourneyOutcome
    stays | stays | лишається | остаётся | 留下
    leaves | leaves | іде | уходит | 离开
    PeakFeeling
    good | good | добре | хорошее | 好
    bad | bad | погане | плохое | 坏
    ContactType
    advertising | advertising | реклама | реклама | 广告
    public-relations | public relations | зв’язки з громадськістю | связи с общественностью | 公关
    personnel | personnel | персонал | персонал | 人员
    meeting | meeting | зустріч | встреча | 会议
    delegated | delegated | доручений | порученный | 委托
    medium | medium | носій | носитель | 介质
    alliance | alliance | альянс | альянс | 联盟
    random | random | випадковий | случайный | 随机
    ContactPlanItem
    plan | plan | план | план | 计划
    goal | goal | мета | цель | 目标
    audience | audience | аудиторія | аудитория | 受众
    design | design | дизайн | дизайн | 设计
    mode | mode | спосіб | способ | 模式
    channel | channel | канал | канал | 渠道
    norms | norms | норми | нормы | 规范
    incentive | incentive | стимули | стимулы | 激励
    archive | archive | архів | архив | 档案
    analysis | analysis | аналіз | анализ | 分析
    digestion | digestion | опрацювання | проработка | 消化
    tracking | tracking | відстеження | отслеживание | 跟踪
    TouchpointGift
    recognition | recognition | визнання | признание | 认可
    service | service | сервіс | сервис | 服务
    convenience | convenience | зручність | удобство | 便利
    benefit | benefit | вигода | выгода | 利益
    information | information | інформація | информация | 信息
    identity | identity | ідентичність | идентичность | 身份
    StandardAudience
    external | external | зовнішні клієнти | внешние клиенты | 外部客户
    internal | internal | внутрішні клієнти | внутренние клиенты | 内部客户
    StandardAspect
    style | style | стиль | стиль | 风格
    substance | substance | суть | суть | 实质
    service-time | service time | час обслуговування | время обслуживания | 规定服务时间
    customer-time | customers’ time | час клієнта | время клиента | 客户花费的时间
    StandardVerdict
    met | met | дотримано | соблюдён | 达标
    missed | missed | порушено | нарушен | 未达标
    unknown | unknown | невідомо | неизвестно | 未知
    SegmentMarket
    consumer | consumer | споживач | потребитель | 个人消费者
    business | business | бізнес | бизнес | 企业客户
    PurchaseRole
    buyer | buyer | покупець | покупатель | 购买者
    user | user | користувач | пользователь | 使用者
    influencer | influencer | той, хто впливає | влияющий | 影响者
    PurchaseTurn
    first | first purchase | перша покупка | первая покупка | 首次购买
    repeat | repeat purchase | повторна покупка | повторная покупка | 重复购买
    SurveyAudience
    customers | customers | клієнти | клиенты | 客户
    employees | employees | працівники | сотрудники | 员工
    ExperientialPlane
    product | product or brand | продукт або бренд | продукт или бренд | 产品/品牌
    category | category | категорія | категория | 品类
    usage | usage and consumption | ситуація споживання | ситуация потребления | 使用与消费情境
    sociocultural | sociocultural or business | соціокультурна або бізнесова | социокультурная или деловая | 社会文化/商业
    DiagnosticQuestion
    perception | perception of the company | сприйняття компанії | восприятие компании | 对公司的感知
    emotions | emotions | емоції | эмоции | 情绪
    reactions | reactions to service and offer | реакції на сервіс і пропозицію | реакции на сервис и предложение | 对服务与产品的反应
    environment | environment and products | середовище і продукти | среда и продукты | 环境与产品
    interaction | interaction with employees | взаємодія з працівниками | взаимодействие с сотрудниками | 与员工的互动
    proposition | is the proposition understood | чи зрозуміла пропозиція | понятно ли предложение | 主张是否被理解
    value-change | does value change after use | чи змінюється цінність після вживання | меняется ли ценность после использования | 使用后价值是否改变
    competitors | against competitors | проти конкурентів | против конкурентов | 与竞争者相比
    return-rate | return rate and why | рівень повернень і причини | уровень возвратов и причины | 回头率及原因
    positioning | does experience match positioning | чи відповідає досвід позиціонуванню | соответствует ли опыт позиционированию | 体验与定位是否一致
    functions | which functions are expected | яких функцій очікують | каких функций ожидают | 期望哪些功能
    segment-differences | how segments differ | чим різняться сегменти | чем различаются сегменты | 细分群体的差异
    WordOfMouthRule
    listen | listen | слухати | слушать | 倾听
    customer-relations | customer relations | зв’язки з клієнтами | отношения с клиентами | 客户关系
    grassroots | grassroots | низові спільноти | низовые сообщества | 草根传播
    promoters | promoters | прихильники | сторонники | 推荐者
    earned-media | earned media | зароблені медіа | заработанные медиа | 赢得媒体
    ActionStatus.State
    done | done | виконано | выполнено | 已完成
    waived | waived | виняток | исключение | 豁免
    expired | expired | сплило | истекло | 已过期
    revoked | revoked | відкликано | отозвано | 已撤销
    voided | voided | анульовано | аннулировано | 已作废
    open | open | відкрито | открыто | 未完成
    Touchpoint.State
    active | active | діє | действует | 使用中
    retired | retired | виведено | выведено | 已停用
    Department.State
    active | active | діє | действует | 运作中
    retired | retired | виведено | выведено | 已撤销
    Standard.State
    met | met | дотримано | соблюдён | 达标
    missed | missed | порушено | нарушен | 未达标
    unknown | unknown | невідомо | неизвестно | 未知
    retired | retired | виведено | выведен | 已停用
    Channel.State
    unaudited | unaudited | без аудиту | без аудита | 未审计
    audited | audited | перевірено | проверен | 已审计
    planned | planned | є план | есть план | 已有计划
    AgendaItem.Kind
    unsupported | unsupported | без підстав | без оснований | 缺乏支撑
    to-assess | to assess | оцінити | оценить | 待评估
    overdue | overdue | прострочено | просрочено | 已逾期
    to-approve | to approve | погодити | одобрить | 待审批
    to-review | to review | переглянути | пересмотреть | 待复查
    unfounded | unfounded | без підґрунтя | без основания | 依据不再成立
    stuck | stuck | застрягло | застряло | 停滞
    expiring | expiring | спливає | истекает | 即将到期
    due | due | скоро термін | скоро срок | 即将截止
    RequestLife.Stage
    open | open | очікує | ожидает | 待审批
    approved | approved | погоджено | одобрен | 已批准
    rejected | rejected | відхилено | отклонён | 已驳回
    ApprovedMatter.Kind
    level | level | рівень | уровень | 等级
    waiver | waiver | виняток | исключение | 豁免
    retirement | retirement | виведення | вывод | 停用
    accepted-gap | accepted gap | прийнятий розрив | принятый разрыв | 已接受的差距
    pilot-verdict | pilot verdict | висновок пілота | вердикт пилота | 试点结论
    WaiverDetails.Subject
    maturity-action | maturity action | дія зрілості | действие зрелости | 成熟度行动
    platform | platform | платформа | платформа | 平台
    pilot | pilot | пілот | пилот | 试点
    Evidence.State
    valid | valid | чинний | действует | 有效
    expired | expired | сплив | истекло | 已过期
    voided | voided | анульовано | аннулировано | 已作废
    Evidence.Form
    file | file | файл | файл | 文件
    link | link | посилання | ссылка | 链接
    text | text | текст | текст | 文本
    Waiver.State
    valid | valid | чинний | действует | 有效
    expired | expired | сплив | истекло | 已过期
    revoked | revoked | відкликано | отозвано | 已撤销
    voided | voided | анульовано | аннулировано | 已作废
    EntityKind
    program | program | програма | программа | 项目
    person | person | особа | лицо | 人员
    department | department | підрозділ | подразделение | 部门
    evidence | evidence | доказ | доказательство | 证据
    waiver | waiver | виняток | исключение | 豁免
    maturity | maturity | зрілість | зрелость | 成熟度
    platform | platform | платформа | платформа | 平台
    initiative | initiative | ініціатива | инициатива | 举措
    gap | gap | розрив | разрыв | 差距
    segment | segment | сегмент | сегмент | 细分群体
    touchpoint | touchpoint | точка контакту | точка контакта | 接触点
    standard | standard | стандарт | стандарт | 服务标准
    log | log | журнал | журнал | 日志
    survey | survey | опитування | опрос | 调查
    channel | channel | канал зворотного зв’язку | канал обратной связи | 反馈渠道
    insight | insight | висновок | вывод | 洞察
    note | note | нотатка | заметка | 备注
    request | request | запит | запрос | 申请
    rate | rate | курс | курс | 汇率
    Level.Action
    0.1 | the need for change is written down | потребу в змінах записано | необходимость перемен записана | 变革的必要性已形成文字
    0.2 | staff are told what CEM is | працівникам пояснено, що таке CEM | сотрудникам рассказано, что такое CEM | 已告知员工什么是CEM
    1.1 | go on training staff on the strategy and what the company can gain | далі навчати працівників стратегії та вигод для компанії | продолжать обучать сотрудников стратегии и выгодам для компании | 继续就战略及公司收益培训员工
    1.2 | tie CEM to existing business goals | пов’язати CEM з наявними бізнес-цілями | связать CEM с имеющимися бизнес-целями | 将CEM与现有业务目标挂钩
    1.3 | state it as a tangible goal | сформулювати її як відчутну мету | сформулировать её как осязаемую цель | 将其表述为切实的目标
    2.1 | work out a single view | виробити єдине бачення | выработать единое видение | 形成统一的看法
    2.2 | pick one business case and hone CEM on it | обрати один бізнес-кейс і відточити на ньому CEM | выбрать один бизнес-кейс и отточить на нём CEM | 选定一个业务案例打磨CEM
    2.3 | encourage colleagues to exchange experience | заохочувати колег обмінюватися досвідом | поощрять коллег обмениваться опытом | 鼓励同事交流经验
    3.1 | leadership assesses the strategy as concrete advantages for the company | керівництво оцінює стратегію як конкретні переваги для компанії | руководство оценивает стратегию как конкретные преимущества для компании | 领导层把战略评估为公司的具体优势
    3.2 | units study, each from its side, how to develop CEM | підрозділи, кожен зі свого боку, вивчають, як розвивати CEM | подразделения, каждое со своей стороны, изучают, как развивать CEM | 各单位从各自角度研究如何发展CEM
    4.1 | spread what worked in single units to the rest | поширити на інших те, що вдалося в окремих підрозділах | распространить на остальных то, что удалось в отдельных подразделениях | 将个别单位的成功做法推广到其他单位
    4.2 | deepen the one corporate concept | поглибити єдину корпоративну концепцію | углубить единую корпоративную концепцию | 深化统一的企业理念
    4.3 | fund the roll-out company-wide | фінансувати розгортання в усій компанії | финансировать развёртывание во всей компании | 为全公司推广提供资金
    5.1 | keep maturity high | утримувати високу зрілість | удерживать высокую зрелость | 保持高成熟度
    5.2 | keep looking for improvements in other industries and regions | далі шукати поліпшень в інших галузях і регіонах | продолжать искать улучшения в других отраслях и регионах | 持续在其他行业和地区寻找改进
    5.3 | keep measuring how far business goals are met | далі вимірювати, наскільки досягнуто бізнес-цілей | продолжать измерять, насколько достигнуты бизнес-цели | 持续衡量业务目标的实现程度
    """
}
