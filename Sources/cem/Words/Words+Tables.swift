extension Words {
  /// A line a phrase: English, then Ukrainian, Russian and Chinese.
  static let phraseTable = """
    DEPT | ПІДР. | ПОДР. | 部门
    NAME | НАЗВА | НАЗВАНИЕ | 名称
    LEVEL | РІВЕНЬ | УРОВЕНЬ | 等级
    TO ADVANCE | ДО НАСТУПНОГО | ДО СЛЕДУЮЩЕГО | 晋级所需
    GAPS | РОЗРИВИ | РАЗРЫВЫ | 差距
    INITIATIVES | ІНІЦІАТИВИ | ИНИЦИАТИВЫ | 举措
    not assessed | не оцінено | не оценено | 未评估
    unsupported | без підстав | без оснований | 缺乏支撑
    ready | готово | готово | 可晋级
    sustained | утримується | удерживается | 保持
    last events | останні події | последние события | 最近事件
    versions | версії | версии | 版本
    measurements | вимірювання | измерения | 测量
    THE PROGRAM | ПРОГРАМА | ПРОГРАММА | 项目总览
    level | рівень | уровень | 等级
    departments | підрозділів | подразделений | 部门数
    open gaps | відкриті розриви | открытые разрывы | 未关闭差距
    moments of truth at risk | моменти істини під загрозою | моменты истины под угрозой | 有风险的关键时刻
    none | немає | нет | 无
    budgets under way | бюджети в роботі | бюджеты в работе | 进行中预算
    approvals | погодження | одобрения | 审批
    pilots | пілоти | пилоты | 试点
    cost | витрати | затраты | 成本
    benefit | вигода | выгода | 收益
    return | окупність | окупаемость | 回报率
    delivery gap | розрив сприйняття | разрыв восприятия | 交付差距
    believe | вважають | считают | 认为
    agree | згодні | согласны | 认同
    agenda of the week | справи тижня | дела недели | 本周待办
    initiatives | ініціативи | инициативы | 举措
    nothing waits | нічого не чекає | ничего не ждёт | 无待办事项
    yes | так | да | 是
    no | ні | нет | 否
    retired | виведено | выведено | 已停用
    """
}
